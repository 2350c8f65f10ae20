#!/usr/bin/env node
// Usage: .ci/measure/start-up.mjs [--runs N] [--servers N] [--json] [NAME=COMMAND ...]
//
// Starts servers in turn and measures, for each, the time from the start of its process until it has answered initialize,
// then tools/list, then a refused call (arguments that its check does not let pass), then a call that works; and the memory
// of N servers that run at once and idle. Prints medians, and each as a ratio to the first server's.
//
// By default the servers are node (a small one on the official TypeScript SDK and zod, with as many tools), parley (the
// built distribution, with its class data archive or cache) and fresh (the same at its very first start, without one). COMMAND is
// split at spaces (write ## for a space within a word); $PARLEY in it is the launcher,
// which PARLEY_LAUNCHER names, or that of the built distribution. 'java25=env PARLEY_JAVA=JAVA $PARLEY serve' is the same on another Java.
//
// Needs Linux and Node.js; installs the SDK from npm, pinned, into ~/.cache/parley-clients (PARLEY_CLIENTS).
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launcher } from "./launcher.mjs";
import { peerModules } from "./peer-modules.mjs";

const WITHOUT = "XDG_CACHE_HOME=/dev/null/none"; // no archive can be made there
const here = dirname(fileURLToPath(import.meta.url));
const options = { runs: 15, servers: 8, json: false };
const given = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--json") options.json = true;
    else if (arg === "--runs" || arg === "--servers") options[arg.slice(2)] = Number(args.shift());
    else if (arg.includes("=")) given.push([arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]);
    else fail(`cannot understand '${arg}'; the first lines of this file are its help`);
}

function fail(why) {
    console.error(`start-up: ${why}`);
    process.exit(2);
}

const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-start-up-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

const base = { ...process.env, PEER_MODULES: peerModules(), PARLEY_HOME: join(work, "store"), XDG_CACHE_HOME: join(work, "cache") };
const candidates = (given.length ? given : [
    ["node", `node ${join(here, "node-peer.mjs")}`],
    ["parley", "$PARLEY serve"],
    ["fresh", `env ${WITHOUT} $PARLEY serve`],
]).map(([name, command]) => ({ name, command: command.replaceAll("$PARLEY", PARLEY).split(/ +/).map((word) => word.replaceAll("##", " ")), times: [] }));

/** A running server, spoken to in lines. */
class Server {
    constructor({ command }) {
        this.started = process.hrtime.bigint();
        this.process = spawn(command[0], command.slice(1), { env: base, cwd: work, stdio: ["pipe", "pipe", "pipe"] });
        this.waiting = new Map();
        this.errors = "";
        let text = "";
        this.process.stderr.on("data", (chunk) => { this.errors += chunk; });
        this.process.on("error", (e) => fail(`${command[0]}: ${e.message}`));
        this.process.on("exit", () => this.waiting.size && fail(`${command.join(" ")} ended: ${this.errors}`));
        this.process.stdout.on("data", (chunk) => {
            text += chunk;
            for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
                const message = JSON.parse(text.slice(0, end));
                this.waiting.get(message.id)?.(message);
                this.waiting.delete(message.id);
            }
        });
    }
    tell(message) { this.process.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n"); }
    async ask(id, method, params) {
        const answer = new Promise((resolve) => this.waiting.set(id, resolve));
        this.tell({ id, method, params });
        const message = await answer;
        return { ms: Number(process.hrtime.bigint() - this.started) / 1e6, message };
    }
    async shakeHands() {
        const initialize = await this.ask(1, "initialize", {
            protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "start-up", version: "1" } });
        this.tell({ method: "notifications/initialized" });
        const list = await this.ask(2, "tools/list", {});
        if (list.message.result.tools.length < 10) fail("a server lists fewer than ten tools");
        return [initialize.ms, list.ms];
    }
    async calls() {
        const refused = await this.ask(3, "tools/call", { name: "send_message", arguments: { target: "", body: "x" } });
        const wrong = refused.message.error !== undefined || refused.message.result.isError === true;
        const called = await this.ask(4, "tools/call", { name: "list_project_sessions", arguments: {} });
        if (!wrong || called.message.result.isError) fail("a server did not check as it should");
        return [refused.ms, called.ms];
    }
    async end() {
        const ended = new Promise((resolve) => this.process.on("exit", resolve));
        this.process.stdin.end();
        await ended;
    }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A server makes what the next one starts faster with when it has nothing else to do; wait until it is there. */
async function prepare(candidate) {
    const maker = new Server(candidate);
    await maker.shakeHands();
    const archive = /\0-Dparley\.archive=([^\0]+)/.exec(readFileSync(`/proc/${maker.process.pid}/cmdline`, "utf8"))?.[1];
    for (let waited = 0; archive && !existsSync(`${archive}.stamp`); waited += 100) {
        if (waited > 90_000) fail("no archive was made in 90 s");
        await pause(100);
    }
    await maker.end();
}

async function memory(candidate) {
    const servers = [];
    for (let i = 0; i < options.servers; i++) {
        const server = new Server(candidate);
        await server.shakeHands();
        await server.calls();
        servers.push(server);
    }
    await pause(3000);
    const read = (pid, file) => readFileSync(`/proc/${pid}/${file}`, "utf8");
    const each = servers.map(({ process: { pid } }) => {
        const rollup = read(pid, "smaps_rollup");
        const kb = (name) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)[1]);
        return { rss: kb("Rss"), pss: kb("Pss"), uss: kb("Private_Clean") + kb("Private_Dirty"),
            threads: readdirSync(`/proc/${pid}/task`).length };
    });
    await Promise.all(servers.map((server) => server.end()));
    return Object.fromEntries(["rss", "pss", "uss", "threads"].map((key) => [key, median(each.map((one) => one[key]))]));
}

for (const candidate of candidates) {
    if (candidate.command.includes(PARLEY) && !candidate.command.includes(WITHOUT)) await prepare(candidate);
}
for (let run = 0; run <= options.runs; run++) {
    for (const candidate of candidates) {
        const server = new Server(candidate);
        const times = [...(await server.shakeHands()), ...(await server.calls())];
        await server.end();
        if (run > 0) candidate.times.push(times); // the first run of each fills the system's page cache
    }
}
const steps = ["initialize", "list", "refused", "call"];
for (const candidate of candidates) {
    candidate.result = Object.fromEntries(steps.map((step, i) => [step, median(candidate.times.map((times) => times[i]))]));
    if (options.servers > 0) Object.assign(candidate.result, await memory(candidate));
}
if (options.json) {
    console.log(JSON.stringify(Object.fromEntries(candidates.map(({ name, result }) => [name, result]))));
} else {
    const first = candidates[0].result;
    console.log(`${options.runs} interleaved runs, ${options.servers} idle servers; medians, and ratios to ${candidates[0].name}`);
    for (const key of Object.keys(first)) {
        const cells = candidates.map(({ name, result }) => {
            const memory = ["rss", "pss", "uss"].includes(key);
            const value = memory ? `${(result[key] / 1024).toFixed(1)} MiB` : key === "threads" ? result[key] : `${result[key].toFixed(0)} ms`;
            return `${name} ${value} (${(result[key] / first[key]).toFixed(2)})`;
        });
        console.log(`${key.padEnd(12)}${cells.map((cell) => cell.padEnd(30)).join("")}`.trimEnd());
    }
}
