#!/usr/bin/env node
// Usage: .ci/measure/views.mjs [--sessions N] [--messages N] [--runs N] [--keep]
//
// What looking costs, seen from outside: a store of N sessions (50) with N kept messages in all (10000), of about 400 bytes
// each, sent and read through real servers. Then the whole process of each of these, RUNS times (11) after the class data
// archive is there: 'parley status', 'log', 'log --grep' for a text that is in one message of a hundred, for one that is in
// none, and 'export'. Medians of the time and of the processor's time (which says more on a busy machine), and each as a ratio to listing the same files with find(1), or reading them with grep(1). Last,
// how much of a core 'parley log --follow' takes while nothing happens, and while a message comes each second, and how
// long it takes to show one.
//
//   --keep   leaves the store, and says where
//
// Needs Linux, Node.js, find, grep and a build.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { launcher } from "./launcher.mjs";
import { serve } from "./server.mjs";

const options = { sessions: 50, messages: 10_000, runs: 11, keep: false };
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--keep") options.keep = true;
    else if (/^--(sessions|messages|runs)$/.test(arg)) options[arg.slice(2)] = Number(args.shift());
    else fail(`cannot understand '${arg}'; the first lines of this file are its help`);
}

function fail(why) {
    console.error(`views: ${why}`);
    process.exit(2);
}

const CLOCK_TICKS = 100, FOLLOWED_SECONDS = 15;
const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-views-"));
const home = join(work, "store"), project = join(work, "project");
mkdirSync(project);
const env = { ...process.env, PARLEY_HOME: home, XDG_CACHE_HOME: join(work, "cache"), PARLEY_DURABILITY: "process" };
const running = new Set();
process.on("exit", () => {
    for (const child of running) child.kill("SIGKILL");
    if (options.keep) console.log(`the store is ${home}, its project ${project}`);
    else rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));

const WORDS = ("the build is green again after a change of the parser which now reads every line once and keeps what it cannot"
    + " understand for a person to look at please run the slow tests as well before merging anything").split(" ");
const NEEDLE = "zanzibar";

/** A text of about 400 bytes that is like no other; one in a hundred has the needle in it. */
function body(number) {
    const words = [`message ${number}:`];
    for (let i = 0; i < 65; i++) words.push(WORDS[(number * 7 + i * i + i) % WORDS.length]);
    if (number % 100 === 0) words.push(NEEDLE);
    return words.join(" ");
}

async function start(session) {
    const { server, call, ready } = serve(PARLEY, session, "views", { cwd: project, env });
    running.add(server);
    await ready;
    await call("set_my_state", { name: session, purpose: `plans part ${session} of the whole` });
    const kill = (signal) => new Promise((resolve) => {
        running.delete(server);
        server.on("exit", resolve);
        server.kill(signal);
    });
    return { session, call, kill };
}

/** Lets a session whose server was killed live in this process, busy or idle. */
function revive(session, number) {
    const card = join(home, "sessions", session, "session.json");
    const fields = JSON.parse(readFileSync(card, "utf8").split("\n")[0]);
    const begun = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /, "").split(" ")[19];
    fields.servers = [`${process.pid}.${begun}.${fields.servers[0].split(".")[2]}`];
    writeFileSync(card, JSON.stringify(fields) + "\n");
    writeFileSync(join(home, "sessions", session, "activity"), number % 3 === 0 ? "busy\n" : "idle\n", { mode: 0o600 });
}

async function populate() {
    const hub = await start("hub");
    await archived();
    const each = Math.ceil(options.messages / options.sessions);
    let sent = 0;
    for (let i = 1; i < options.sessions + 1; i++) {
        const peer = i < options.sessions ? await start(`peer-${100 + i}`) : hub;
        const sender = peer === hub ? await start("last") : hub;
        for (let n = 0; n < each && sent < options.messages; n++) {
            await sender.call("send_message", { target: peer.session, body: body(sent++) });
        }
        while ((await peer.call("read_my_messages", {})).count > 0);
        const done = peer === hub ? sender : peer;
        await done.kill("SIGKILL");
        if (done === peer) revive(peer.session, i);
        if (process.stderr.isTTY) process.stderr.write(`\r${sent} messages `);
    }
    if (process.stderr.isTTY) process.stderr.write("\r");
    return hub;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

/** Seconds of processor that the ended children of this process have taken. */
function childrensCpu() {
    const fields = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /, "").split(" ");
    return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS;
}

/** Milliseconds of a whole process, and of processor; it has to succeed. */
function timed(command, args) {
    const before = childrensCpu(), begun = process.hrtime.bigint();
    const result = spawnSync(command, args, { cwd: project, env, encoding: "utf8", maxBuffer: 1 << 28 });
    const took = Number(process.hrtime.bigint() - begun) / 1e6;
    if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${result.status} ${result.stderr}`);
    return { took, cpu: 1000 * (childrensCpu() - before), out: result.stdout };
}

function expect(what, is, should) {
    if (is !== should) throw new Error(`${what}: ${is} instead of ${should}`);
}

const cpu = (pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
};

/** The hub's server makes the archive when it has had nothing to do for five seconds. */
async function archived() {
    for (let waited = 0; waited < 90; waited++) {
        const made = spawnSync("find", [env.XDG_CACHE_HOME, "-name", "*.stamp"], { encoding: "utf8" }).stdout;
        if (made) return;
        await sleep(1000);
    }
    fail("no class data archive was made within 90 s");
}

const hub = await populate();
const records = timed("find", [join(home, "sessions"), "-path", "*/ledger/m-*", "-not", "-name", "*,*"]).out.trim().split("\n").length;
expect("kept messages", records, options.messages);
const inOneOfAHundred = Math.ceil(options.messages / 100);

const sessions = join(home, "sessions");
const list = ["find", ["find", [sessions, "-type", "f", "-name", "*"]]];
const read = ["grep", ["grep", ["-rl", NEEDLE, sessions, "--include=m-*"]]];
const views = [
    ["status", [PARLEY, ["status"]], "find"],
    ["status --json", [PARLEY, ["status", "--json"]], "find"],
    ["log", [PARLEY, ["log"]], "find"],
    ["log --grep", [PARLEY, ["log", "--json", "--limit", "all", "--grep", NEEDLE]], "grep"],
    ["log --grep, not there", [PARLEY, ["log", "--json", "--limit", "all", "--grep", "/nowhere/"]], "grep"],
    ["log --limit all", [PARLEY, ["log", "--json", "--limit", "all"]], "grep"],
    ["export", [PARLEY, ["export", join(work, "export")]], "grep"],
];
expect("found", timed(...views[3][1]).out.trim().split("\n").length, inOneOfAHundred);
expect("shown", timed(...views[5][1]).out.trim().split("\n").length, options.messages);
const times = new Map(), cpus = new Map();
for (let run = -2; run < options.runs; run++) {
    for (const [name, [command, args]] of [list, read, ...views]) {
        const { took, cpu } = timed(command, args);
        if (run < 0) continue;
        times.set(name, [...(times.get(name) ?? []), took]);
        cpus.set(name, [...(cpus.get(name) ?? []), cpu]);
    }
}
console.log(`${options.sessions} sessions, ${records} kept messages; medians of ${options.runs} runs`);
for (const name of ["find", "grep"]) console.log(`${name.padEnd(24)} ${median(times.get(name)).toFixed(0).padStart(6)} ms`);
for (const [name, , beside] of views) {
    const took = median(times.get(name));
    console.log(`${name.padEnd(24)} ${took.toFixed(0).padStart(6)} ms  ${median(cpus.get(name)).toFixed(0).padStart(5)} ms of processor  ${(took / median(times.get(beside))).toFixed(1)} × ${beside}`);
}

const following = spawn(PARLEY, ["log", "--follow", "--json", "--limit", "1"], { cwd: project, env, stdio: ["ignore", "pipe", "inherit"] });
running.add(following);
let shown = () => {};
createInterface({ input: following.stdout }).on("line", (line) => shown(JSON.parse(line).body));
await new Promise((resolve) => { shown = resolve; });
await sleep(3000);
const share = async (name, seconds, work) => {
    const before = cpu(following.pid), begun = Date.now();
    await work();
    await sleep(Math.max(0, seconds * 1000 - (Date.now() - begun)));
    const used = (cpu(following.pid) - before) / ((Date.now() - begun) / 1000);
    console.log(`${name.padEnd(24)} ${(100 * used).toFixed(1).padStart(6)} % of a core`);
};
await share("follow, nothing happens", FOLLOWED_SECONDS, async () => {});
const delays = [];
await share("follow, one a second", FOLLOWED_SECONDS, async () => {
    for (let i = 0; i < FOLLOWED_SECONDS; i++) {
        const text = `live ${i}`, begun = Date.now();
        const seen = new Promise((resolve) => { shown = (it) => it === text && resolve(); });
        await hub.call("send_message", { target: "peer-101", body: text });
        await seen;
        delays.push(Date.now() - begun);
        await sleep(Math.max(0, 1000 - (Date.now() - begun)));
    }
});
console.log(`${"shown after".padEnd(24)} ${String(median(delays)).padStart(6)} ms; at the most ${Math.max(...delays)} ms`);
running.delete(following);
following.kill();
await hub.kill("SIGTERM");
process.exit(0);
