#!/usr/bin/env node
// Usage: .ci/measure/size.mjs [--ended N] [--living N] [--kept N] [--inbox N] [--runs N] [--only TEXT] [--keep]
//
// What the size of a store costs, seen from outside. Two stores under $TMPDIR, both with as many living sessions in the project
// that is looked at (LIVING / 5). The small one has a session that keeps 50 messages and one whose 50 messages wait, and nothing
// else. The large one has five projects with 10,000 ended sessions (--ended) and 200 living ones (--living), 10,000 kept messages
// (--kept) and an inbox of 8,000 (--inbox). Then each of these, RUNS times (30; whole processes a third of it) in turn in both,
// after as many to warm up: medians, and the ratio of large to small. At the end the first send to a session that keeps
// 100,000 records, and the slowest of the next 300.
//
//   --only TEXT   only what has TEXT in its name
//   --keep        leaves the stores, and says where
//
// Needs Linux, Node.js and a build. Nothing is forced.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launcher } from "./launcher.mjs";
import { serve } from "./server.mjs";

const options = { ended: 10_000, living: 200, kept: 10_000, inbox: 8_000, runs: 30, only: "", keep: false };
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--keep") options.keep = true;
    else if (arg === "--only") options.only = args.shift();
    else if (/^--(ended|living|kept|inbox|runs)$/.test(arg)) options[arg.slice(2)] = Number(args.shift());
    else {
        console.error(`size: cannot understand '${arg}'; the first lines of this file are its help`);
        process.exit(2);
    }
}

const PROJECTS = 5, FEW = 50, KEPT_BY_ONE = 1_000, FROM_ONE = 1_500, FULL = 100_000, SETTLED = 4_000, DAY = 86_400_000;
const PARLEY = launcher(), HOOK = join(dirname(dirname(PARLEY)), "hooks/parley-hook");
const work = mkdtempSync(join(tmpdir(), "parley-size-"));
const running = new Set();
process.on("exit", () => {
    for (const server of running) server.kill("SIGKILL");
    if (options.keep) console.log(`the stores are in ${work}`);
    else rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

class Store {
    constructor(name, ended, living, kept, inbox) {
        Object.assign(this, { name, ended, living, kept, inbox, home: join(work, name, "store") });
        this.projects = Array.from({ length: PROJECTS }, (_, i) => join(work, name, `project-${i}`));
        for (const project of this.projects) mkdirSync(join(project, ".git"), { recursive: true });
        this.env = { ...process.env, PARLEY_HOME: this.home, XDG_CACHE_HOME: join(work, "cache"), PARLEY_DURABILITY: "process" };
    }

    async start(session) {
        const { server, call, ready } = serve(PARLEY, session, "size", { cwd: this.projects[0], env: this.env });
        running.add(server);
        await ready;
        const end = () => new Promise((resolve) => { running.delete(server); server.on("exit", resolve); server.stdin.end(); });
        return { session, call, end };
    }

    /** A session that lives in this process, or ended a day ago. */
    session(id, number, lives) {
        const project = this.projects[number % PROJECTS];
        const directory = join(this.home, "sessions", id);
        for (const part of ["mailbox/tmp", "mailbox/new", "mailbox/cur", "mailbox/shown", "ledger", "asks"]) mkdirSync(join(directory, part), { recursive: true, mode: 0o700 });
        const process_ = lives ? this.self : `${99_999_000}.1.${this.self.split(".")[2]}`;
        const card = { v: 1, id, name: `${lives ? "living" : "ended"}-${number}`, client: "claude-code", cwd: project, project: this.keyOf(project), process: process_, registered_ms: Date.now() - DAY };
        const write = (name, text) => writeFileSync(join(directory, name), text, { mode: 0o600 });
        write("session.json", JSON.stringify(card) + "\n");
        write("activity", lives ? "idle\n" : "ended\n");
        write("doorbell", "");
        const then = (Date.now() - DAY) / 1000;
        for (const name of ["activity", "."]) utimesSync(join(directory, name), then, then);
    }

    keyOf(project) {
        return this.key.replace(this.projects[0], project);
    }

    async fill() {
        const hub = await this.start("hub");
        const own = JSON.parse(readFileSync(join(this.home, "sessions/hub/session.json"), "utf8").split("\n")[0]);
        this.key = own.project;
        this.self = `${process.pid}.${readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /, "").split(" ")[19]}.${own.servers[0].split(".")[2]}`;
        const uuid = (kind, i) => createHash("sha256").update(`${kind}${i}`).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
        for (let i = 0; i < this.ended; i++) this.session(uuid("ended", i), i, false);
        for (let i = 0; i < this.living; i++) this.session(uuid("living", i), this.living > options.living / PROJECTS ? i : i * PROJECTS, true);
        for (let kept = 0; kept < this.kept; kept += KEPT_BY_ONE) {
            const keeper = await this.start(`keeper-${kept}`);
            for (let i = 0; i < Math.min(KEPT_BY_ONE, this.kept - kept); i++) await hub.call("send_message", { target: keeper.session, body: "x".repeat(400) });
            while ((await keeper.call("read_my_messages", {})).count > 0);
            if (kept > 0) await keeper.end();
            else this.keeper = keeper;
        }
        this.reader = await this.start("reader");
        this.senders = await Promise.all(Array.from({ length: Math.ceil(this.inbox / FROM_ONE) }, (_, i) => this.start(`sender-${i}`)));
        await this.write(this.inbox);
        this.hub = hub;
        this.idle = await this.start("idle");
        this.named = (await this.idle.call("set_my_state", { name: "idle-one" })).name;
    }

    /** So many messages more for the reader, from all senders in turn. */
    async write(messages) {
        for (let i = 0; i < messages; i++) await this.senders[i % this.senders.length].call("send_message", { target: "reader", body: "x".repeat(400) });
    }

    waiting() {
        return readdirSync(join(this.home, "sessions/reader/mailbox/new")).length;
    }

    run(command, args, input) {
        const begun = process.hrtime.bigint();
        const result = spawnSync(command, args, { cwd: this.projects[0], env: { ...this.env, CLAUDE_PID: String(process.pid) }, encoding: "utf8", input, maxBuffer: 1 << 28 });
        if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${result.status} ${result.stderr}`);
        return Number(process.hrtime.bigint() - begun) / 1e6;
    }

    hook(session) {
        return this.run(HOOK, ["claude-code"], JSON.stringify({ session_id: session, transcript_path: "/dev/null", cwd: this.projects[0], hook_event_name: "PostToolUse", tool_name: "Bash" }));
    }
}

const timed = async (what) => {
    const begun = process.hrtime.bigint();
    await what();
    return Number(process.hrtime.bigint() - begun) / 1e6;
};

/** Name, whether it is a whole process, and what takes its milliseconds. */
const operations = [
    ["list_project_sessions", false, (store) => timed(() => store.hub.call("list_project_sessions", {}))],
    ["send by name", false, (store) => timed(() => store.hub.call("send_message", { target: "idle-one", body: "x" }))],
    ["send by id", false, (store) => timed(() => store.hub.call("send_message", { target: "idle", body: "x" }))],
    ["send to one that keeps 1,000", false, (store) => timed(() => store.hub.call("send_message", { target: "keeper-0", body: "x" }))],
    ["ask by name, unanswered", false, (store) => timed(() => store.hub.call("ask_peer", { target: "idle-one", body: "x", timeout_ms: 1 }))],
    ["read 50 of the inbox", false, (store) => timed(() => store.reader.call("read_my_messages", { limit: 50 }))],
    ["hook, no mail", true, (store) => store.hook("hub")],
    ["hook, mail", true, (store) => store.hook("reader")],
    ["start to a working call", true, async (store) => timed(async () => {
        const { server, call, ready } = serve(PARLEY, "starter", "size", { cwd: store.projects[0], env: store.env });
        running.add(server);
        await ready;
        await call("read_my_messages", {});
        running.delete(server);
        server.kill("SIGKILL");
    })],
    ["parley send, by name", true, (store) => store.run(PARLEY, ["send", "idle-one", "x"])],
    ["parley status", true, (store) => store.run(PARLEY, ["status"])],
    ["parley check (linear)", true, (store) => store.run(PARLEY, ["check"])],
    ["parley gc (linear)", true, (store) => store.run(PARLEY, ["gc", "--dry-run"])],
];

/** What was read is sent anew, and what was sent is read. */
async function reset(store) {
    await store.write(store.inbox - store.waiting());
    while ((await store.idle.call("read_my_messages", {})).count > 0);
    while ((await store.keeper.call("read_my_messages", {})).count > 0);
}

/** The first send to a session that keeps far too many records. */
async function full(store) {
    const ledger = join(store.home, "sessions/keeper-0/ledger");
    const records = readdirSync(ledger).filter((name) => /^m-.{16}$/.test(name)).slice(0, 10);
    // Of several: ext4 knows 65,000 names of one file at the most.
    for (let i = 0; i < FULL; i++) linkSync(join(ledger, records[i % records.length]), join(ledger, `m-${String(i).padStart(16, "0")}`));
    const sender = await store.start("late");
    const times = [];
    for (let i = 0; i < 301; i++) times.push(await timed(() => sender.call("send_message", { target: "keeper-0", body: "x" })));
    console.log(`first send beside ${FULL} records ${times[0].toFixed(1)} ms, the slowest of the next 300 ${Math.max(...times.slice(1)).toFixed(1)} ms, their median ${median(times.slice(1)).toFixed(1)} ms; ${readdirSync(ledger).length} names are left`);
}

mkdirSync(join(work, "cache"));
const small = new Store("small", 0, options.living / PROJECTS, FEW, FEW);
const large = new Store("large", options.ended, options.living, options.kept, options.inbox);
for (const store of [small, large]) await store.fill();
await sleep(SETTLED);
for (const store of [small, large]) {
    await store.hub.call("list_project_sessions", {});
    await sleep(SETTLED);
}
console.log(`${options.ended} ended and ${options.living} living sessions, ${options.kept} kept messages, an inbox of ${options.inbox}`);
for (const [name, isProcess, operation] of operations) {
    if (!name.includes(options.only)) continue;
    const runs = isProcess ? Math.ceil(options.runs / 3) : options.runs, times = new Map([[small, []], [large, []]]);
    for (let run = isProcess ? -2 : -runs; run < runs; run++) {
        for (const store of run % 2 ? [small, large] : [large, small]) {
            if (store.waiting() < store.inbox || run % 10 === 0) await reset(store);
            const took = await operation(store);
            if (run >= 0) times.get(store).push(took);
        }
    }
    const [few, many] = [median(times.get(small)), median(times.get(large))];
    console.log(`${name.padEnd(30)} ${few.toFixed(2).padStart(9)} ms ${many.toFixed(2).padStart(9)} ms   × ${(many / few).toFixed(2)}`);
}
if (!options.only || "first send".includes(options.only)) await full(large);
process.exit(0);
