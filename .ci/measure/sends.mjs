#!/usr/bin/env node
// Usage: .ci/measure/sends.mjs [ROUNDS [SENDS]]
//
// What sending costs, seen from outside, in a store under $TMPDIR. First one server sends to another, in turn with two
// new files of 1.2 KB that are forced, after SENDS sends to warm up: medians, and their ratio. Then eight fresh servers send
// to one at once, SENDS messages of 1 KB each (250) in each of ROUNDS rounds (6): messages a second of each round. The
// receiver reads them between the rounds, and each has to be there once, in its sender's order.
//
// Needs Linux, Node.js and a build. PARLEY_DURABILITY=process measures without forcing.
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcher } from "./launcher.mjs";
import { serve } from "./server.mjs";

const rounds = Number(process.argv[2] ?? 6), sends = Number(process.argv[3] ?? 250);
const SENDERS = 8, PAIRS = 300, MAKING_AN_ARCHIVE = 60_000;
const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-sends-"));
const cache = join(work, "cache");
const running = new Set();
process.on("exit", () => {
    for (const server of running) server.kill("SIGKILL");
    rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));

async function start(home, session) {
    const { server, call, ready } = serve(PARLEY, session, "sends", { cwd: work, env: { ...process.env, PARLEY_HOME: home, XDG_CACHE_HOME: cache } });
    running.add(server);
    await ready;
    return { session, call, end: () => new Promise((resolve) => { running.delete(server); server.on("exit", resolve); server.stdin.end(); }) };
}

const body = (text) => `${text} `.padEnd(1024, "x");
const send = (from, to, text) => from.call("send_message", { target: to.session, body: body(text) });

async function drain(receiver) {
    const bodies = [];
    for (;;) {
        const { count, messages } = await receiver.call("read_my_messages", {});
        if (count === 0) return bodies;
        bodies.push(...messages.map((message) => message.body.split(" ")[0]));
    }
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

function forced(name) {
    const file = openSync(join(work, name), "wx", 0o600);
    writeSync(file, Buffer.alloc(1200, "x"));
    fsyncSync(file);
    closeSync(file);
}

async function archive() {
    const server = await start(join(work, "first"), "archivist");
    const until = Date.now() + MAKING_AN_ARCHIVE;
    const made = () => { try { return readdirSync(join(cache, "parley")).some((name) => name.endsWith(".stamp")); } catch { return false; } };
    while (!made() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 200));
    await server.end();
}

async function alone() {
    const sender = await start(join(work, "alone"), "sender"), receiver = await start(join(work, "alone"), "receiver");
    for (let i = 0; i < sends; i++) await send(sender, receiver, i);
    const ours = [], floor = [];
    for (let i = 0; i < PAIRS; i++) {
        const begin = performance.now();
        await send(sender, receiver, i);
        const between = performance.now();
        forced(`a${i}`);
        forced(`b${i}`);
        ours.push(between - begin);
        floor.push(performance.now() - between);
    }
    const [one, two] = [median(ours), median(floor)];
    console.log(`one sender: a send ${one.toFixed(2)} ms, two forced writes ${two.toFixed(2)} ms (x ${(one / two).toFixed(2)})`);
    await Promise.all([sender, receiver].map((server) => server.end()));
}

async function together() {
    const home = join(work, "together");
    const receiver = await start(home, "receiver");
    const senders = await Promise.all(Array.from({ length: SENDERS }, (_, i) => start(home, `sender-${i}`)));
    for (let round = 0; round < rounds; round++) {
        const begin = performance.now();
        await Promise.all(senders.map(async (sender) => {
            for (let i = 0; i < sends; i++) await send(sender, receiver, `${sender.session}/${i}`);
        }));
        const seconds = (performance.now() - begin) / 1000;
        const read = await drain(receiver);
        for (const { session } of senders) {
            const got = read.filter((text) => text.startsWith(`${session}/`)).join(), all = Array.from({ length: sends }, (_, i) => `${session}/${i}`);
            if (got !== all.join()) throw new Error(`what ${session} sent did not arrive once and in order`);
        }
        console.log(`eight senders, round ${round + 1}: ${Math.round(SENDERS * sends / seconds)} messages a second`);
    }
    await Promise.all([receiver, ...senders].map((server) => server.end()));
}

mkdirSync(cache);
await archive();
await alone();
await together();
