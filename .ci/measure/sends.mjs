#!/usr/bin/env node
// Usage: .ci/measure/sends.mjs [ROUNDS [SENDS]]
//
// What sending costs, seen from outside, in a store under $TMPDIR. First one server sends to another, in turn with two
// new files of 1.2 KB that are forced, after SENDS sends to warm up: medians, and their ratio. Then eight fresh servers send
// to one at once, SENDS messages of 1 KB each (250) in each of ROUNDS rounds (6): messages a second of each round. The
// receiver reads them between the rounds, and each has to be there once, in its sender's order. In turn with each round, eight
// processes do nothing but two forced writes for each of as many messages, each process in a directory of its own; the ratio is
// the senders' rate over theirs.
//
// Needs Linux, Node.js and a build. PARLEY_DURABILITY=process measures without forcing.
import { spawn } from "node:child_process";
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launcher } from "./launcher.mjs";
import { serve } from "./server.mjs";

function forced(name) {
    const file = openSync(name, "wx", 0o600);
    writeSync(file, Buffer.alloc(1200, "x"));
    fsyncSync(file);
    closeSync(file);
}

if (process.argv[2] === "--only-write") {
    // One of the eight that only write: a round for each line that it reads.
    const [directory, messages] = process.argv.slice(3);
    let written = 0;
    for await (const _ of createInterface({ input: process.stdin })) {
        for (let i = 0; i < 2 * Number(messages); i++) forced(join(directory, String(written++)));
        console.log("done");
    }
    process.exit(0);
}

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
        forced(join(work, `a${i}`));
        forced(join(work, `b${i}`));
        ours.push(between - begin);
        floor.push(performance.now() - between);
    }
    const [one, two] = [median(ours), median(floor)];
    console.log(`one sender: a send ${one.toFixed(2)} ms, two forced writes ${two.toFixed(2)} ms (x ${(one / two).toFixed(2)})`);
    await Promise.all([sender, receiver].map((server) => server.end()));
}

/** Eight processes that only write; the function has each of them do a round, and returns when all have. */
function writers() {
    const all = Array.from({ length: SENDERS }, (_, i) => {
        const directory = join(work, `writer-${i}`);
        mkdirSync(directory);
        const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--only-write", directory, String(sends)], { stdio: ["pipe", "pipe", "inherit"] });
        running.add(child);
        const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
        return () => { child.stdin.write("\n"); return lines.next(); };
    });
    return () => Promise.all(all.map((round) => round()));
}

async function together() {
    const home = join(work, "together");
    const receiver = await start(home, "receiver");
    const senders = await Promise.all(Array.from({ length: SENDERS }, (_, i) => start(home, `sender-${i}`)));
    const write = writers();
    await write();
    const ratios = [];
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
        const begun = performance.now();
        await write();
        const rate = SENDERS * sends / seconds, least = SENDERS * sends / ((performance.now() - begun) / 1000);
        ratios.push(rate / least);
        console.log(`eight senders, round ${round + 1}: ${Math.round(rate)} messages a second; two forced writes alone ${Math.round(least)} (x ${(rate / least).toFixed(2)})`);
    }
    console.log(`eight senders, median of the ratios: x ${median(ratios).toFixed(2)}`);
    await Promise.all([receiver, ...senders].map((server) => server.end()));
}

mkdirSync(cache);
await archive();
await alone();
await together();
