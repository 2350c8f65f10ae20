#!/usr/bin/env node
// Usage: .ci/old-store.mjs PARLEY HOOK > ledger-core/src/test/resources/dev/parley/store/ledger/bc90a28.store
//
// Has an older Parley write a store with something of everything, and prints it as text: what OldStoreTest opens. PARLEY is the
// launcher of a distribution of that version, HOOK its hook:
//
//   git worktree add /tmp/old bc90a28 && (cd /tmp/old && mvn -DskipTests package)
//   .ci/old-store.mjs /tmp/old/mcp-server/target/parley-0.1.0-SNAPSHOT/bin/parley /tmp/old/assets/hooks/parley-hook
//
// Ids, times and processes differ with each run; what is in which place does not. The project is /old/project in the cards,
// so that nobody's directory stands in the file. Needs Linux and Node.js.
import { spawn, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [parley, hook] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "parley-old-"));
const home = join(work, "home"), project = join(work, "project");
mkdirSync(project);
const clean = { PATH: process.env.PATH, HOME: work, PARLEY_HOME: home, XDG_CACHE_HOME: join(work, "cache"), JAVA_HOME: process.env.JAVA_HOME ?? "" };
if (!clean.JAVA_HOME) delete clean.JAVA_HOME;
const running = new Set();
process.on("exit", () => {
    for (const server of running) server.kill("SIGKILL");
    rmSync(work, { recursive: true, force: true });
});

async function start(session) {
    const server = spawn(parley, ["serve"], { cwd: project, env: clean, stdio: ["pipe", "pipe", "inherit"] });
    running.add(server);
    const answers = new Map();
    createInterface({ input: server.stdout }).on("line", (line) => {
        const message = JSON.parse(line);
        answers.get(message.id)?.(message);
    });
    let id = 0;
    const request = (method, params) => new Promise((resolve) => {
        answers.set(id, resolve);
        server.stdin.write(JSON.stringify({ jsonrpc: "2.0", id: id++, method, params }) + "\n");
    });
    const call = async (name, args) => {
        const { result } = await request("tools/call", { name, arguments: args });
        return JSON.parse(result.content[0].text);
    };
    await request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "old", version: "1" } });
    server.stdin.write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }) + "\n");
    await call("claim_session", { session_id: session, name: session.replace("-session", "") });
    return { call, kill: () => { running.delete(server); server.kill("SIGKILL"); } };
}

function run(event, fields) {
    const input = JSON.stringify({ session_id: fields.id, hook_event_name: event, cwd: project, prompt_id: "0-0-0-0-abc", ...fields });
    const done = spawnSync("bash", [hook, "claude-code"], { cwd: project, input, env: { ...clean, CLAUDE_PID: String(process.pid) } });
    if (done.status !== 0) throw new Error(`hook ${event}: ${done.stderr}`);
    return String(done.stdout);
}

const alice = await start("alice-session"), bob = await start("bob-session");
const send = (from, target, text, more = {}) => from.call("send_message", { target, body: text, ...more });
// Shown and answered; handed over without proof; waiting.
const first = await send(alice, "bob-session", "shown and answered");
await bob.call("read_my_messages", {});
await bob.call("reply_to_message", { message_id: first.message_id, body: "the answer" });
await send(alice, "bob-session", "handed over without proof, ü 漢字 🙂");
await bob.call("read_my_messages", {});
await send(alice, "bob-session", "waits one");
await send(alice, "bob-session", "waits two");
// An open question, its mail waiting.
await alice.call("ask_peer", { target: "bob-session", body: "an open question?", timeout_ms: 1 });
// A client with hooks: shown by its Stop, handed over without proof, waiting, and moved by /clear.
const before = "11111111-b870-4f75-a807-43f541f7b15b", after = "22222222-b870-4f75-a807-43f541f7b15b";
run("SessionStart", { id: before, source: "startup" });
await send(alice, before, "shown by a hook");
run("UserPromptSubmit", { id: before, prompt: "go" });
run("Stop", { id: before, background_tasks: [] });
await send(alice, before, "waits before the clear");
run("SessionStart", { id: after, source: "clear" });
run("UserPromptSubmit", { id: after, prompt: "go" });
await send(alice, before, "to the old id");
spawnSync(parley, ["send", "bob-session", "from the operator", "--project", project], { cwd: project, env: clean });
alice.kill();
bob.kill();

function print(directory, name) {
    for (const entry of readdirSync(directory).sort()) {
        const path = join(directory, entry), below = name ? `${name}/${entry}` : entry;
        if (lstatSync(path).isDirectory()) {
            process.stdout.write(`=== ${below}/\n`);
            print(path, below);
        } else {
            const text = readFileSync(path, "utf8").replaceAll(project, "/old/project").replaceAll(work, "/old");
            // A card's checksum is of what it said before; a card without one is valid.
            const kept = entry === "session.json" ? text.split("\n").slice(0, 1).join("\n") + "\n" : text;
            process.stdout.write(`=== ${below}\n${kept}${kept === "" || kept.endsWith("\n") ? "" : "\n"}`);
        }
    }
}
print(home, "");
process.exit(0);
