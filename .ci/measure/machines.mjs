#!/usr/bin/env node
// Usage: .ci/measure/machines.mjs [PAIRS [BACKLOG [ROUNDS]]]
//
// What mail between two machines costs, seen from outside: two stores under $TMPDIR, a nats-server on loopback with the
// configuration that 'parley hub config' prints, and on one of the machines a postman, its stand-by, a sender and a receiver.
//
// First the sender sends in turn to the receiver of its machine and to that of the other one, PAIRS (200) times each,
// waiting each time until the message is in the mailbox; and asks both in turn, a quarter as often. Then one sender sends
// BACKLOG (1000) messages within the machine, and as many are put into the outbox while the nats-server is stopped, of which the
// rate is taken at which they arrive once it goes on; ROUNDS (3) times in turn. At last the memory of the idle servers, beside
// that of servers of a store without a hub. Prints medians and their ratios.
//
// Needs Linux, Node.js, git, a nats-server in the PATH and a build. TMPDIR chooses the disk.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcher } from "./launcher.mjs";
import { serve } from "./server.mjs";

const [pairs, backlog, rounds] = [200, 1000, 3].map((usual, i) => Number(process.argv[2 + i] ?? usual));
const MAKING_AN_ARCHIVE = 90_000;
const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-machines-"));
const running = new Set();
process.on("exit", () => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ratio = (one, two) => (median(one) / median(two)).toFixed(2);
const ms = (values) => `${median(values).toFixed(2)} ms`;

/** A machine: a store of its own, and a clone of the project that all of them share. */
class Machine {
    constructor(name) {
        this.name = name;
        this.project = join(work, name, "app");
        mkdirSync(this.project, { recursive: true });
        this.env = { ...process.env, PARLEY_HOME: join(work, name, "store"), XDG_CACHE_HOME: join(work, "cache") };
        const git = (...args) => execFileSync("git", ["-C", this.project, ...args]);
        git("init", "-q");
        git("remote", "add", "origin", "https://example.org/app.git");
    }
    parley(...args) {
        return execFileSync(PARLEY, args, { cwd: this.project, env: this.env, encoding: "utf8" });
    }
    async start(session) {
        const { server, call, ready } = serve(PARLEY, session, "machines", { cwd: this.project, env: this.env });
        running.add(server);
        await ready;
        return { session, server, call, pid: server.pid, inbox: join(this.env.PARLEY_HOME, "sessions", session, "mailbox/new") };
    }
}

async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.on("listening", resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

async function hub(machines) {
    const port = await freePort(), file = join(work, "hub.conf");
    const text = machines[0].parley("hub", "config", "--team", "blue", ...machines.flatMap(({ name }) => ["--host", name]), "--no-tls",
        "--listen", `127.0.0.1:${port}`, "--store-dir", join(work, "nats"));
    writeFileSync(file, text, { mode: 0o600 });
    const server = spawn("nats-server", ["-c", file, "-l", join(work, "nats.log")], { stdio: "inherit" });
    running.add(server);
    const listens = () => new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1", () => { socket.destroy(); resolve(true); }).on("error", () => resolve(false));
    });
    while (!await listens()) await pause(50);
    for (const machine of machines) {
        const secret = join(work, `${machine.name}.password`);
        writeFileSync(secret, new RegExp(`user: "${machine.name}"\\s+password: "([^"]+)"`).exec(text)[1] + "\n", { mode: 0o600 });
        machine.parley("hub", "join", `nats://127.0.0.1:${port}`, "--team", "blue", "--user", machine.name, "--password-file", secret);
    }
    return server;
}

/** Servers with a hub and those without have an archive of classes each, which one of them makes when it has nothing else to do. */
async function archives(...machines) {
    const made = () => { try { return readdirSync(join(work, "cache/parley")).filter((name) => name.endsWith(".stamp")).length; } catch { return 0; } };
    for (const [i, machine] of machines.entries()) {
        const { server } = await machine.start("archivist");
        for (const until = Date.now() + MAKING_AN_ARCHIVE; made() <= i && Date.now() < until; ) await pause(200);
        server.stdin.end();
        await new Promise((resolve) => server.on("exit", resolve));
        running.delete(server);
    }
}

/** Tells when a message is in a mailbox. */
class Arrivals {
    constructor(inbox) {
        this.inbox = inbox;
        this.seen = new Map();
        this.waiting = new Map();
        this.watch = watch(inbox, () => this.look());
    }
    look() {
        const now = performance.now();
        for (const name of readdirSync(this.inbox)) {
            const id = name.slice(17);
            if (!this.seen.has(id)) this.seen.set(id, now);
            this.waiting.get(id)?.();
            this.waiting.delete(id);
        }
    }
    /** When it was, which may have been before this is called. */
    async of(id) {
        this.look();
        if (!this.seen.has(id)) await new Promise((resolve) => this.waiting.set(id, resolve));
        return this.seen.get(id);
    }
}

const body = "x".repeat(1024);
const send = (from, to) => from.call("send_message", { target: to.session, body });

async function drain(receiver) {
    while ((await receiver.call("read_my_messages", { limit: 200 })).count > 0);
}

/** Answers whatever is asked, as soon as it is in its mailbox. */
function answering(receiver) {
    let busy = Promise.resolve();
    const answer = async () => {
        const { messages } = await receiver.call("read_my_messages", {});
        for (const { id, request_id } of messages) if (request_id) await receiver.call("reply_to_message", { message_id: id, body: "yes" });
    };
    return watch(receiver.inbox, () => { if (readdirSync(receiver.inbox).length > 0) busy = busy.then(answer); });
}

/** Processor time of a process so far, in ms. */
function processor(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function inTurn(sender, near, far) {
    const sends = { near: [], far: [] }, ways = [], asks = { near: [], far: [] }, used = { near: 0, far: 0 };
    const arrivals = { near: new Arrivals(near.inbox), far: new Arrivals(far.inbox) };
    for (let i = -pairs; i < pairs; i++) {
        for (const [kind, receiver] of [["near", near], ["far", far]]) {
            const before = processor(sender.pid), begin = performance.now();
            const { message_id } = await send(sender, receiver);
            const stored = performance.now();
            if (i >= 0) sends[kind].push(stored - begin);
            if (i >= 0) used[kind] += processor(sender.pid) - before;
            const visible = await arrivals[kind].of(message_id);
            // What follows an arrival is not to fall into the next send.
            await pause(20);
            if (i >= 0 && kind === "far") ways.push(visible - stored);
        }
        if (i % 100 === 0) await Promise.all([drain(near), drain(far)]);
    }
    await Promise.all([drain(near), drain(far)]);
    const answers = [answering(near), answering(far)];
    for (let i = -pairs / 4; i < pairs / 4; i++) {
        for (const [kind, receiver] of [["near", near], ["far", far]]) {
            const begin = performance.now();
            await sender.call("ask_peer", { target: receiver.session, body: "well?" });
            if (i >= 0) asks[kind].push(performance.now() - begin);
            await pause(20);
        }
    }
    for (const each of [...answers, arrivals.near.watch, arrivals.far.watch]) each.close();
    console.log(`a send: to the other machine ${ms(sends.far)}, within ${ms(sends.near)} (x ${ratio(sends.far, sends.near)}); `
        + `processor time of the sender x ${(used.far / used.near).toFixed(2)}`);
    console.log(`stored there until visible here: ${ms(ways)} (x ${ratio(ways, sends.near)} of a send within)`);
    console.log(`a question and its answer: ${ms(asks.far)}, within ${ms(asks.near)} (x ${ratio(asks.far, asks.near)})`);
}

async function rates(server, sender, near, far) {
    const within = [], across = [];
    for (let round = 0; round < rounds; round++) {
        let begin = performance.now();
        for (let i = 0; i < backlog; i++) await send(sender, near);
        within.push(backlog / (performance.now() - begin) * 1000);
        await drain(near);
        server.kill("SIGSTOP");
        for (let i = 0; i < backlog; i++) await send(sender, far);
        server.kill("SIGCONT");
        let came = 0, first = 0, last = 0;
        while ((came = readdirSync(far.inbox).length) < backlog) {
            if (came > 0 && !first) [first, last] = [came, performance.now()];
            await pause(10);
        }
        across.push((backlog - first) / (performance.now() - last) * 1000);
        await drain(far);
    }
    const rate = (values) => `${median(values).toFixed(0)} a second`;
    console.log(`one sender within: ${rate(within)}; a pair of postmen: ${rate(across)} (x ${ratio(across, within)})`);
}

function memory({ pid }) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const kb = (name) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(rollup)[1]) / 1024;
    return [kb("Pss"), kb("Private_Clean") + kb("Private_Dirty")];
}

async function sizes(servers) {
    await pause(6000);
    for (const [what, some] of Object.entries(servers)) {
        const each = some.map(memory);
        const [pss, uss] = [0, 1].map((i) => median(each.map((one) => one[i])).toFixed(1));
        console.log(`memory of ${what}: PSS ${pss} MiB, private ${uss} MiB`);
    }
}

const [here, there, alone] = ["laptop", "build-server", "alone"].map((name) => new Machine(name));
const server = await hub([here, there]);
await archives(here, alone);
const [postman, standBy] = [await here.start("postman"), await here.start("stand-by")];
const [sender, near] = [await here.start("sender"), await here.start("near")];
const farPostman = await there.start("far-postman"), far = await there.start("far");
const usual = await Promise.all(["one", "two", "three"].map((name) => alone.start(name)));
const known = async () => (await sender.call("list_project_sessions", {})).sessions.some(({ client_session_id }) => client_session_id === "far");
while (!await known()) await pause(500);
await sizes({ "a postman": [postman, farPostman], "its stand-by": [standBy], "others beside them": [sender, near], "those without a hub": usual });
await inTurn(sender, near, far);
await rates(server, sender, near, far);
await sizes({ "a postman, after all that": [postman, farPostman], "its stand-by": [standBy] });
process.exit(0);
