#!/usr/bin/env node
// Usage: .ci/talk.mjs COMMAND [ARGUMENTS...]
//
// Has two servers talk, each started by that command in the working directory: one asks, the other reads and replies, and the
// first one gets the answer. What they print to standard output has to be JSON-RPC, line by line, and to standard error nothing.
//
// Exit: 0 they talked; 1 they did not, and it is said why; 2 usage.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [command, ...rest] = process.argv.slice(2);
if (!command) {
    console.error("usage: talk.mjs COMMAND [ARGUMENTS...]");
    process.exit(2);
}
const running = new Set();
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));
function fail(why) {
    console.error(`talk: ${why}`);
    process.exit(1);
}
setTimeout(() => fail("no answer within 120 s"), 120_000).unref();

async function start(session) {
    const server = spawn(command, rest, { stdio: ["pipe", "pipe", "pipe"] });
    running.add(server);
    let errors = "", id = 0;
    const answers = new Map();
    server.stderr.on("data", (data) => { errors += data; });
    server.on("error", (error) => fail(`${command}: ${error.message}`));
    const ended = new Promise((resolve) => server.on("close", (code) => {
        running.delete(server);
        if (code !== 0) fail(`the server of ${session} ended with ${code}: ${errors}`);
        if (errors) fail(`the server of ${session} printed: ${errors}`);
        resolve();
    }));
    createInterface({ input: server.stdout }).on("line", (line) => {
        try {
            const message = JSON.parse(line);
            answers.get(message.id)?.(message);
        } catch {
            fail(`the server of ${session} printed no JSON: ${line}`);
        }
    });
    const request = (method, params) => new Promise((resolve) => {
        answers.set(id, resolve);
        server.stdin.write(JSON.stringify({ jsonrpc: "2.0", id: id++, method, params }) + "\n");
    });
    const call = async (name, args) => {
        const { result, error } = await request("tools/call", { name, arguments: args });
        if (error || result.isError) fail(`${name}: ${JSON.stringify(error ?? result)}`);
        return JSON.parse(result.content[0].text);
    };
    await request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "talk", version: "1" } });
    server.stdin.write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }) + "\n");
    await call("claim_session", { session_id: session });
    return { call, end: () => { server.stdin.end(); return ended; } };
}

const asker = await start("the-asker"), peer = await start("the-peer");
const asked = asker.call("ask_peer", { target: "the-peer", body: "which tests fail?", timeout_ms: 60_000 });
let question;
while (!question) {
    const { messages } = await peer.call("read_my_messages", {});
    question = messages.find((message) => message.body === "which tests fail?");
    if (!question) await new Promise((resolve) => setTimeout(resolve, 50));
}
await peer.call("reply_to_message", { message_id: question.id, body: "none" });
const answer = await asked;
if (!JSON.stringify(answer).includes('"none"')) fail(`the answer is ${JSON.stringify(answer)}`);
await Promise.all([asker.end(), peer.end()]);
console.log("talk: two sessions talked");
