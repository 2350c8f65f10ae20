#!/usr/bin/env node
// Usage: .ci/measure/many-calls.mjs [CALLS]
//
// Calls a tool of one server CALLS times (100,000), sixteen at a time, and prints its memory, threads and open files after
// each tenth. They should not grow. Needs Linux, Node.js and a build.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcher } from "./launcher.mjs";

const calls = Number(process.argv[2] ?? 100_000);
const work = mkdtempSync(join(tmpdir(), "parley-many-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const server = spawn(launcher(), ["serve"], {
    cwd: work, env: { ...process.env, PARLEY_HOME: join(work, "store"), XDG_CACHE_HOME: join(work, "cache") },
    stdio: ["pipe", "pipe", "inherit"] });
const say = (message) => server.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
let sent = 0, answered = 0, text = "";

function call() {
    sent++;
    say({ id: sent, method: "tools/call", params: { name: "list_project_sessions", arguments: {} } });
}

function report() {
    const rollup = readFileSync(`/proc/${server.pid}/smaps_rollup`, "utf8");
    const mib = (name) => (Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)[1]) / 1024).toFixed(1);
    console.log(`${String(answered).padStart(7)} calls: RSS ${mib("Rss")} MiB, private ${mib("Private_Dirty")} MiB, ` +
        `${readdirSync(`/proc/${server.pid}/task`).length} threads, ${readdirSync(`/proc/${server.pid}/fd`).length} files`);
}

server.stdout.on("data", (chunk) => {
    text += chunk;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
        const message = JSON.parse(text.slice(0, end));
        if (message.id === 0) {
            for (let i = 0; i < 16; i++) call();
            continue;
        }
        if (message.result?.isError !== false) throw new Error(text.slice(0, end));
        answered++;
        if (answered % (calls / 10) === 0) report();
        if (sent < calls) call();
        else if (answered === calls) server.stdin.end();
    }
});
say({ id: 0, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "many", version: "1" } } });
