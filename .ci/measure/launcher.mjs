// The launcher of the server to be measured: PARLEY_LAUNCHER, or that of the built distribution.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const target = join(dirname(fileURLToPath(import.meta.url)), "../../mcp-server/target");

/** Its path; ends this process with what to do if there is none. */
export function launcher() {
    if (process.env.PARLEY_LAUNCHER) return process.env.PARLEY_LAUNCHER;
    const built = existsSync(target) ? readdirSync(target).filter((name) => /^parley-[^z]*$/.test(name)) : [];
    const found = built.map((name) => join(target, name, "bin/parley")).find(existsSync);
    if (found) return found;
    console.error("nothing is built; run 'mvn -q -DskipTests package' first");
    process.exit(2);
}
