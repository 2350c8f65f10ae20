// Loads Parley's plug-in for OpenCode and plays OpenCode to it: one order a line on standard input, one line in answer.
// What the plug-in has the session prompted with is answered as a prompt of its own, as OpenCode does.
import readline from 'node:readline';

const [plugin, hook, home, directory] = process.argv.slice(2);
const { parley } = await import(plugin);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
let number = 0;

const message = async (sessionID, parts) => {
  const id = `msg_22339d87${String(++number).padStart(4, '0')}`;
  const all = parts.map((part, i) => ({ ...part, id: `prt_22339d87${number}${i}aaa`, messageID: id, sessionID }));
  await hooks['chat.message']({ sessionID }, { message: { id, agent: 'plan', model: { modelID: 'm' } }, parts: all });
  return all;
};
const client = {
  session: {
    get: async () => ({ data: {} }),
    promptAsync: async ({ path, body }) => {
      const parts = await message(path.id, body.parts);
      say({ prompted: parts, agent: body.agent });
    },
  },
};
const hooks = await parley({ hook, home })({ client, directory });

for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.message) {
    say({ parts: await message(order.session, [{ type: 'text', text: order.message }]) });
  } else if (order.tool) {
    const result = order.tool === 'server' ? { content: [{ type: 'text', text: 'done' }] } : { output: 'done' };
    await hooks['tool.execute.after']({ sessionID: order.session }, result);
    say(result);
  } else {
    await hooks.event({ event: order.event });
    say({ told: order.event.type });
  }
}
process.exit(0);
