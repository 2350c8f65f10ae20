// One server of a session of its own, with one call at a time in flight.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts a server. Returns its process, how to call a tool (what is no success is thrown), and when it has its id. */
export function serve(parley, session, client, options) {
    const server = spawn(parley, ["serve"], { ...options, stdio: ["pipe", "pipe", "inherit"] });
    let answered;
    createInterface({ input: server.stdout }).on("line", (line) => answered(JSON.parse(line)));
    let id = 0;
    const request = (method, params) => new Promise((resolve) => {
        answered = resolve;
        server.stdin.write(JSON.stringify({ jsonrpc: "2.0", id: id++, method, params }) + "\n");
    });
    const call = async (name, args) => {
        const result = (await request("tools/call", { name, arguments: args })).result;
        if (result?.isError !== false) throw new Error(`${name} of ${session}: ${JSON.stringify(result)}`);
        return JSON.parse(result.content[0].text);
    };
    const ready = request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: client, version: "1" } })
        .then(() => request("tools/list", {}))
        .then(() => call("claim_session", { session_id: session }));
    return { server, call, ready };
}
