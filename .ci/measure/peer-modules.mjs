// Where the packages are that node-peer.mjs needs: installed from npm, pinned, into ~/.cache/parley-clients (PARLEY_CLIENTS).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const SDK = "1.32.2", ZOD = "4.6.7";

/** The directory for node-peer.mjs' PEER_MODULES; installs them if they are not there. */
export function peerModules() {
    const root = join(process.env.PARLEY_CLIENTS ?? join(homedir(), ".cache/parley-clients"), `sdk-${SDK}`);
    if (!existsSync(join(root, "node_modules/zod"))) {
        mkdirSync(root, { recursive: true });
        execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", root,
            `@modelcontextprotocol/sdk@${SDK}`, `zod@${ZOD}`], { stdio: ["ignore", "ignore", "inherit"] });
    }
    return root;
}
