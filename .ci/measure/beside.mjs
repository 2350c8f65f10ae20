#!/usr/bin/env node
// Usage: .ci/measure/beside.mjs [--rounds N] [--servers N] [--java JAVA]... NAME=COMMAND...
//
// Runs 'parley bench --against COMMAND' for each other server on each JAVA (by default on the one that the launcher chooses), and
// prints one table in Markdown: the other's median over Parley's, from one run; or 'cannot', and below the table why.
//
// PARLEY_LAUNCHER names the launcher; by default that of the built distribution. Needs Linux, Node.js, and what the others need.
import { spawnSync } from "node:child_process";
import { launcher } from "./launcher.mjs";

const options = { rounds: 10, servers: 8 };
const javas = [], others = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
    const arg = args.shift();
    if (arg === "--rounds" || arg === "--servers") options[arg.slice(2)] = args.shift();
    else if (arg === "--java") javas.push(args.shift());
    else if (arg.includes("=")) others.push([arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]);
    else fail(`cannot understand '${arg}'; the first lines of this file are its help`);
}
if (others.length === 0) fail("no other server is named; the first lines of this file are its help");

function fail(why) {
    console.error(`beside: ${why}`);
    process.exit(2);
}

const PARLEY = launcher();
const ROWS = {
    start_initialize: "until `initialize` is answered", start_tools_list: "until `tools/list` is answered",
    start_first_call: "until a call works", memory_rss: `resident (RSS), one of ${options.servers}`,
    memory_pss: `its share of what is shared (PSS), one of ${options.servers}`, memory_uss: `private (USS), one of ${options.servers}`,
    send: "send 1 KB", ask_answered: "reply returned to asker has it", drain: "read the messages", read_first: "the first call of that",
};
const columns = [], reasons = [];
for (const java of javas.length ? javas : [undefined]) {
    for (const [name, command] of others) {
        const environment = java ? { ...process.env, PARLEY_JAVA: java } : process.env;
        const { status, stdout } = spawnSync(PARLEY, ["bench", "--rounds", options.rounds, "--servers", options.servers, "--json", "--against", command],
            { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
        if (!stdout) fail(`bench ended with code ${status}`);
        const { java: version, results } = JSON.parse(stdout);
        columns.push({ title: `${name}, Java ${version.split(/[.+]/)[0]}`, results });
    }
}
const cell = (key, { results }) => {
    const { parley, against } = results[key] ?? {};
    if (against?.cannot && !reasons.includes(against.cannot)) reasons.push(against.cannot);
    if (against?.p50 === undefined || parley?.p50 === undefined) return "cannot";
    return (against.p50 / parley.p50).toFixed(2);
};
console.log(`| the other's median over Parley's | ${columns.map(({ title }) => title).join(" | ")} |\n|---|${columns.map(() => "--:|").join("")}`);
for (const [key, title] of Object.entries(ROWS)) {
    console.log(`| ${title} | ${columns.map((column) => cell(key, column)).join(" | ")} |`);
}
for (const reason of reasons) console.log(`\ncannot: ${reason}`);
