#!/usr/bin/env node
// Usage: .ci/measure/watch.mjs [--sessions N] [--messages N] [--seconds N] [--json]
//
// Runs N servers (50) in one project, has them send messages to each other (1000), starts 'parley watch' in a tmux of its own at
// 200x60, and measures: the time from its start until the sessions are on the screen; the share of one core that it takes while
// nothing happens, over some seconds (30); and the time from a message's acknowledgement until its text is on the screen, 20
// times. Prints them as text or JSON.
//
// $PARLEY_LAUNCHER names the launcher; by default that of the built distribution. Needs Linux, Node.js and tmux.
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcher } from "./launcher.mjs";

const options = { sessions: 50, messages: 1000, seconds: 30, json: false };
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--json") options.json = true;
    else if (/^--(sessions|messages|seconds)$/.test(arg)) options[arg.slice(2)] = Number(args.shift());
    else {
        console.error(`watch: cannot understand '${arg}'; the first lines of this file are its help`);
        process.exit(2);
    }
}

const PARLEY = launcher();
const work = mkdtempSync(join(tmpdir(), "parley-watch-"));
const project = join(work, "shop");
mkdirSync(project);
const env = { ...process.env, HOME: work, PARLEY_HOME: join(work, "store"), XDG_CACHE_HOME: join(work, "cache"), LC_ALL: "C.UTF-8" };
delete env.TMUX;
const socket = join(work, "tmux");
const tmux = (...args) => execFileSync("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], { env, encoding: "utf8" });
const servers = [];
process.on("exit", () => {
    servers.forEach((server) => server.kill());
    try {
        tmux("kill-server");
    } catch {
        // It was never started.
    }
    rmSync(work, { recursive: true, force: true });
});
process.on("SIGINT", () => process.exit(130));

class Server {
    constructor() {
        this.child = spawn(PARLEY, ["serve"], { cwd: project, env, stdio: ["pipe", "pipe", "inherit"] });
        this.waiting = new Map();
        this.next = 0;
        let rest = "";
        this.child.stdout.setEncoding("utf8").on("data", (data) => {
            const lines = (rest + data).split("\n");
            rest = lines.pop();
            for (const message of lines.map((line) => JSON.parse(line))) {
                this.waiting.get(message.id)?.(message.result);
                this.waiting.delete(message.id);
            }
        });
        servers.push(this);
    }
    request(method, params) {
        const id = ++this.next;
        this.child.stdin.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }) + "\n");
        return new Promise((done) => this.waiting.set(id, done));
    }
    async call(name, args) {
        const result = JSON.parse((await this.request("tools/call", { name, arguments: args })).content[0].text);
        if (!result.ok) throw new Error(`${name}: ${result.message}`);
        return result;
    }
    async join(name) {
        await this.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "measure", version: "1" } });
        this.child.stdin.write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }) + "\n");
        await this.call("claim_session", { session_id: `${name}-session` });
        await this.call("set_my_state", { name, purpose: `task of ${name}` });
        this.name = name;
        return this;
    }
    kill() {
        this.child.kill("SIGKILL");
    }
}

const sleep = (millis) => new Promise((done) => setTimeout(done, millis));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const sessions = [];
for (let i = 0; i < options.sessions; i++) {
    sessions.push(await new Server().join(`peer-${String(i).padStart(2, "0")}`));
}
for (let i = 0; i < options.messages; i++) {
    const [from, to] = [i % sessions.length, (i * 7 + 3) % sessions.length];
    if (from !== to) await sessions[from].call("send_message", { target: sessions[to].name, body: `message ${i} about the build` });
}

const screen = () => tmux("capture-pane", "-p");
async function awaitText(text, begun) {
    while (!screen().includes(text)) {
        if (performance.now() - begun > 30_000) throw new Error(`waited for '${text}' and saw:\n${screen()}`);
        await sleep(10);
    }
    return performance.now() - begun;
}
const begun = performance.now();
tmux("new-session", "-d", "-x", "200", "-y", "60", "-c", project, `exec '${PARLEY}' watch`);
const firstPaint = await awaitText("> peer-", begun);
await sleep(15_000);
const pid = tmux("display-message", "-p", "#{pane_pid}").trim();
const ticks = () => {
    // Its own time, and that of the programs it has run.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
};
const before = ticks();
await sleep(options.seconds * 1000);
const share = (ticks() - before) / options.seconds / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const delays = [];
const shown = screen().match(/> (peer-\d+)/)[1];
const sender = sessions.find((session) => session.name !== shown);
for (let i = 0; i < 20; i++) {
    await sender.call("send_message", { target: shown, body: `news number ${i}.` });
    delays.push(await awaitText(`news number ${i}.`, performance.now()));
    await sleep(300);
}
const result = {
    sessions: options.sessions,
    messages: options.messages,
    first_paint_ms: Math.round(firstPaint),
    idle_core_percent: Math.round(share * 1000) / 10,
    news_median_ms: Math.round(median(delays)),
    news_max_ms: Math.round(Math.max(...delays)),
};
if (options.json) console.log(JSON.stringify(result));
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(20)} ${value}`);
process.exit(0);
