#!/usr/bin/env node
// Usage: .ci/measure/servers.mjs [--servers N[,N]] [--runs N] [--minutes N] [--json] [NAME=COMMAND ...]
//
// Starts N servers (8, then 20) of each kind at once in one project and measures from outside: the time from the first start until
// each has answered initialize and tools/list, RUNS times (3), the kinds in turn; then, with N of every kind running beside each
// other, after a working call of each, their memory, and what they do in MINUTES (10) in which nobody asks them anything: the share
// of a core, and how often their threads wake up (voluntary context switches), by thread. Prints medians over the servers.
//
// By default the kinds are node (a small server on the official TypeScript SDK) and parley (the built distribution). COMMAND is
// split at spaces (write ## for a space within a word); $PARLEY in it is the launcher, which PARLEY_LAUNCHER names, or that of
// the built distribution. 'env PARLEY_JAVA=JAVA $PARLEY serve' is Parley on another Java.
//
// Needs Linux and Node.js; installs the SDK from npm, pinned, into ~/.cache/parley-clients (PARLEY_CLIENTS).
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launcher } from "./launcher.mjs";
import { peerModules } from "./peer-modules.mjs";

const SETTLED = 30_000, MAKING_AN_ARCHIVE = 90_000;
const here = dirname(fileURLToPath(import.meta.url));
const options = { servers: [8, 20], runs: 3, minutes: 10, json: false };
const given = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--json") options.json = true;
    else if (arg === "--servers") options.servers = args.shift().split(",").map(Number);
    else if (arg === "--runs" || arg === "--minutes") options[arg.slice(2)] = Number(args.shift());
    else if (arg.includes("=")) given.push([arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]);
    else fail(`cannot understand '${arg}'; the first lines of this file are its help`);
}

function fail(why) {
    console.error(`servers: ${why}`);
    process.exit(2);
}

const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-servers-"));
const project = join(work, "project");
mkdirSync(join(project, ".git"), { recursive: true });
const running = new Set();
process.on("exit", () => {
    for (const server of running) server.kill("SIGKILL");
    rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));

const base = { ...process.env, HOME: work, PEER_MODULES: peerModules(), PARLEY_HOME: join(work, "store"), XDG_CACHE_HOME: join(work, "cache") };
const kinds = (given.length ? given : [["node", `node ${join(here, "node-peer.mjs")}`], ["parley", "$PARLEY serve"]])
    .map(([name, command]) => ({ name, command: command.replaceAll("$PARLEY", PARLEY).split(/ +/).map((word) => word.replaceAll("##", " ")) }));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** A server that has been told to start. */
class Server {
    constructor({ command }) {
        this.process = spawn(command[0], command.slice(1), { env: base, cwd: project, stdio: ["pipe", "pipe", "ignore"] });
        running.add(this.process);
        this.waiting = new Map();
        this.process.on("error", (e) => fail(`${command[0]}: ${e.message}`));
        this.process.on("exit", () => this.waiting.size && fail(`${command.join(" ")} ended`));
        createInterface({ input: this.process.stdout }).on("line", (line) => {
            const message = JSON.parse(line);
            this.waiting.get(message.id)?.(message.result ?? {});
            this.waiting.delete(message.id);
        });
    }
    tell(message) { this.process.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n"); }
    ask(id, method, params) {
        const answer = new Promise((resolve) => this.waiting.set(id, resolve));
        this.tell({ id, method, params });
        return answer;
    }
    /** When initialize and tools/list were answered. */
    async shakeHands() {
        await this.ask(1, "initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "servers", version: "1" } });
        const initialized = performance.now();
        this.tell({ method: "notifications/initialized" });
        await this.ask(2, "tools/list", {});
        return [initialized, performance.now()];
    }
    /** A call that makes it do what it does for a session, if it knows the tool. */
    call() { return this.ask(3, "tools/call", { name: "list_project_sessions", arguments: {} }); }
    async end() {
        const ended = new Promise((resolve) => this.process.on("exit", resolve));
        this.process.stdin.end();
        await ended;
        running.delete(this.process);
    }
}

/** A server makes the archive when it has nothing else to do; this waits until those of all kinds are there. */
async function prepare() {
    const made = () => { try { return readdirSync(join(work, "cache/parley")).filter((file) => file.endsWith(".stamp")).length; } catch { return 0; } };
    for (const kind of kinds.filter(({ command }) => command.includes(PARLEY))) {
        const before = made(), server = new Server(kind);
        await server.shakeHands();
        for (const until = Date.now() + MAKING_AN_ARCHIVE; made() === before && Date.now() < until; ) await pause(200);
        await server.end();
    }
}

async function startAll(kind, count) {
    const begin = performance.now();
    const servers = Array.from({ length: count }, () => new Server(kind));
    const times = await Promise.all(servers.map((server) => server.shakeHands()));
    return { servers, times: times.map((each) => each.map((at) => at - begin)) };
}

function memory(pid) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const mib = (name) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)[1]) / 1024;
    return { rss: mib("Rss"), pss: mib("Pss"), uss: mib("Private_Clean") + mib("Private_Dirty") };
}

/** Nanoseconds of processor and voluntary context switches of each thread so far. */
function threads(pid) {
    const all = new Map();
    for (const task of readdirSync(`/proc/${pid}/task`)) {
        try {
            const at = `/proc/${pid}/task/${task}`, status = readFileSync(`${at}/status`, "utf8");
            all.set(task, {
                name: /^Name:\s*(.*)/m.exec(status)[1],
                wakes: Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)[1]),
                nanos: Number(readFileSync(`${at}/schedstat`, "utf8").split(" ")[0]),
            });
        } catch {
            // It has just ended.
        }
    }
    return all;
}

/** What has happened between two looks, over so many seconds. */
function activity(before, after, seconds) {
    const byThread = {};
    let nanos = 0, wakes = 0;
    for (const [task, now] of after) {
        const then = before.get(task) ?? { wakes: 0, nanos: 0 };
        nanos += now.nanos - then.nanos;
        wakes += now.wakes - then.wakes;
        byThread[now.name] = (byThread[now.name] ?? 0) + (now.wakes - then.wakes) / seconds;
    }
    return { percent: (100 * nanos) / 1e9 / seconds, wakes: wakes / seconds, byThread };
}

async function measure(count) {
    const times = new Map(kinds.map((kind) => [kind, []]));
    const all = new Map();
    for (let run = 0; run <= options.runs; run++) {
        for (const kind of kinds) {
            const started = await startAll(kind, count);
            if (run > 0) times.get(kind).push(...started.times); // the first run of each fills the system's page cache
            if (run === options.runs) all.set(kind, started.servers);
            else await Promise.all(started.servers.map((server) => server.end()));
        }
    }
    for (const servers of all.values()) for (const server of servers) await server.call();
    await pause(SETTLED);
    const looks = [...all].map(([kind, servers]) => [kind, servers.map(({ process: { pid } }) => [pid, memory(pid), threads(pid)])]);
    const begin = performance.now();
    await pause(options.minutes * 60_000);
    const seconds = (performance.now() - begin) / 1000;
    const result = {};
    for (const [kind, servers] of looks) {
        const idle = servers.map(([pid, , before]) => activity(before, threads(pid), seconds));
        const list = times.get(kind).map(([, listed]) => listed);
        result[kind.name] = {
            initialize: median(times.get(kind).map(([initialized]) => initialized)),
            list: median(list),
            slowest: Math.max(...list),
            ...Object.fromEntries(["rss", "pss", "uss"].map((key) => [key, median(servers.map(([, size]) => size[key]))])),
            idle_percent: median(idle.map(({ percent }) => percent)),
            wakes: median(idle.map(({ wakes }) => wakes)),
            threads: Object.fromEntries(Object.keys(idle[0].byThread)
                .map((name) => [name, median(idle.map(({ byThread }) => byThread[name] ?? 0))]).filter(([, wakes]) => wakes >= 0.005)),
        };
    }
    for (const servers of all.values()) await Promise.all(servers.map((server) => server.end()));
    return result;
}

const ROWS = [
    ["initialize", "all at once, until initialize is answered, ms", 0], ["list", "until tools/list is answered, ms", 0],
    ["slowest", "the slowest of all, ms", 0], ["rss", "resident (RSS), MiB", 1], ["pss", "its share of what is shared (PSS), MiB", 1],
    ["uss", "private (USS), MiB", 1], ["idle_percent", "idle, % of a core", 3], ["wakes", "idle, wake-ups a second", 2],
];

await prepare();
const results = {};
for (const count of options.servers) {
    results[count] = await measure(count);
    if (options.json) continue;
    console.log(`${count} servers of each kind; starts: ${options.runs}; idle for ${options.minutes} minutes; medians, and ratios to ${kinds[0].name}`);
    const first = results[count][kinds[0].name];
    for (const [key, title, digits] of ROWS) {
        const cells = kinds.map(({ name }) => `${name} ${results[count][name][key].toFixed(digits)} (${(results[count][name][key] / first[key]).toFixed(2)})`);
        console.log(`${title.padEnd(46)}${cells.map((cell) => cell.padEnd(26)).join("")}`.trimEnd());
    }
    for (const { name } of kinds) {
        console.log(`wake-ups a second of ${name}, by thread: ${Object.entries(results[count][name].threads).sort(([, a], [, b]) => b - a).map(([thread, wakes]) => `${thread} ${wakes.toFixed(2)}`).join(", ")}`);
    }
}
if (options.json) console.log(JSON.stringify(results));
