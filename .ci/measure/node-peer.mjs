// An MCP stdio server on the official TypeScript SDK with zod, and nothing else: what `.ci/measure/start-up.mjs` compares with.
// It has as many tools as Parley, with inputs of the same kinds, and does no work in them.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.PEER_MODULES + "/");
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { McpServer } = await load("@modelcontextprotocol/sdk/server/mcp.js");
const { StdioServerTransport } = await load("@modelcontextprotocol/sdk/server/stdio.js");
const { z } = await load("zod");

const target = z.string().min(1).max(128).describe("name, session id, unique id prefix (8+), or tmux session");
const body = z.string().min(1).max(8192).describe("at most 8192 bytes of UTF-8");
const messageId = z.string().regex(/^m-[0-9a-z]{16}$/).describe("a message id");
const requestId = z.string().regex(/^q-[0-9a-z]{16}$/).describe("a request id");
const tools = {
    send_message: { target, body, wake: z.enum(["auto", "off"]).optional(), reply_to: requestId.optional() },
    ask_peer: { target, body, timeout_ms: z.number().int().min(1).max(600000).optional() },
    reply_to_message: { message_id: messageId, body },
    read_my_messages: { limit: z.number().int().min(1).max(50).optional() },
    message_status: { message_id: messageId },
    list_project_sessions: { all: z.boolean().optional() },
    read_session: { target, turns: z.number().int().min(1).max(100).optional() },
    set_my_state: { purpose: z.string().max(200).optional(), name: z.string().max(64).optional() },
    claim_session: { session_id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/) },
    get_my_session: {},
};

const server = new McpServer({ name: "node-peer", version: "1" }, { instructions: "Talks to nobody." });
for (const [name, inputSchema] of Object.entries(tools)) {
    const description = `The tool ${name}: does nothing with what it is given but check it, and says so in a few words.`;
    server.registerTool(name, { description, inputSchema }, async (input) => ({
        content: [{ type: "text", text: JSON.stringify({ ok: true, given: Object.keys(input) }) }],
    }));
}
await server.connect(new StdioServerTransport());
process.stdin.on("end", () => process.exit(0));
