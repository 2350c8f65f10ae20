// Parley's plug-in for OpenCode: tells Parley's hook (hooks/parley-hook) what happens, and gives the model what the hook
// hands over. `parley setup` writes a file into OpenCode's plugins directory that calls this.
//
// It holds no mail and decides nothing: which messages are handed over, and whether they were, is the hook's. One OpenCode
// process is one session of Parley's: the conversation that was prompted last. Sub-agents have no mailbox.
// Whatever fails, OpenCode goes on.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';

// As the hook knows it.
const BELL = 'Mail from a peer session waits.';
const COLLECTED = 'Parley: the mail has been collected already; there is nothing to do.';
const TIME_LIMIT_MS = 10_000;

// Runs the hook. Resolves to its exit code and to what it printed; to nothing if it does not run.
const run = (hook, home, input) =>
  new Promise((resolve) => {
    const environment = home ? { ...process.env, PARLEY_HOME: home } : process.env;
    const child = spawn(hook, ['opencode'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: TIME_LIMIT_MS,
    });
    let printed = '';
    child.stdin.on('error', () => {});
    child.stdout.on('data', (data) => (printed += data));
    child.on('error', () => resolve({}));
    child.on('close', (code) => {
      try {
        resolve({ code, ...JSON.parse(printed || '{}') });
      } catch {
        resolve({ code });
      }
    });
    child.stdin.end(JSON.stringify(input));
  });

/** The plug-in. `hook` is the path of parley-hook, `home` the store if it is not the usual one. */
export const parley =
  ({ hook, home = '' }) =>
  async ({ client, directory }) => {
    const subAgents = new Map(); // session id -> whether it is one
    const made = new Set(); // sessions that began in this process
    let session = ''; // the one that was prompted last
    let turn = ''; // its user message
    let asker = {}; // its agent and model: whoever wakes it changes neither
    let busy = false;
    let aborted = false;
    let watchers = [];

    const tell = (event, more = {}) =>
      run(hook, home, { session_id: session, cwd: directory, turn_id: turn, hook_event_name: event, ...more });

    const isSubAgent = async (id) => {
      if (!subAgents.has(id)) {
        const known = await client.session.get({ path: { id } });
        subAgents.set(id, Boolean(known.data?.parentID));
      }
      return subAgents.get(id);
    };

    const prompt = (text) =>
      client.session.promptAsync({
        path: { id: session },
        body: { ...asker, parts: [{ type: 'text', text, synthetic: true }] },
      });

    // In an idle session only: in one that works the mail comes with the next tool call, or at the turn's end. What was
    // interrupted by its user waits for its user.
    const ring = async () => {
      if (busy || aborted || !session) return;
      const { code } = await tell('FileChanged');
      if (code === 2 && !busy) await prompt(BELL);
    };

    const begin = async (id) => {
      if (session === id) return;
      const source = session && made.has(id) ? 'clear' : session ? 'resume' : 'startup';
      session = id;
      const started = await tell('SessionStart', { source });
      watchers.forEach((watcher) => watcher.close());
      watchers = (started.hookSpecificOutput?.watchPaths ?? []).map((path) => {
        const watcher = watch(path, { persistent: false }, () => guarded(ring)());
        watcher.on('error', () => {});
        return watcher;
      });
    };

    const ended = async () => {
      busy = false;
      if (aborted) {
        await tell('Interrupt');
        return;
      }
      const { decision, reason } = await tell('Stop');
      if (decision === 'block' && reason) await prompt(reason);
      else await ring();
    };

    const guarded =
      (action) =>
      async (...all) => {
        try {
          await action(...all);
        } catch {
          // OpenCode must not suffer from what goes wrong here.
        }
      };

    return {
      event: guarded(async ({ event }) => {
        const { sessionID: id, info, error } = event.properties ?? {};
        if (event.type === 'session.created') {
          subAgents.set(info.id, Boolean(info.parentID));
          made.add(info.id);
        }
        if (!session || id !== session) return;
        if (event.type === 'session.error' && error?.name === 'MessageAbortedError') aborted = true;
        else if (event.type === 'permission.asked' || event.type === 'question.asked') await tell('PermissionRequest');
        else if (event.type === 'session.idle') await ended();
      }),
      'chat.message': guarded(async ({ sessionID }, { message, parts }) => {
        if (await isSubAgent(sessionID)) return;
        busy = true;
        aborted = false;
        turn = message.id;
        asker = { agent: message.agent, model: message.model };
        await begin(sessionID);
        const last = parts.at(-1);
        const rung = parts.length === 1 && last.synthetic && last.text === BELL;
        const { decision, hookSpecificOutput } = await tell('UserPromptSubmit', rung ? { prompt: BELL } : {});
        const text = hookSpecificOutput?.additionalContext;
        if (rung) last.text = text ?? (decision === 'block' ? COLLECTED : BELL);
        // Behind the prompt: parts are sorted by their ids.
        else if (text) parts.push({ ...last, id: `${last.id.slice(0, -3)}zzz`, type: 'text', text, synthetic: true });
      }),
      'tool.execute.after': guarded(async ({ sessionID }, result) => {
        if (sessionID !== session) return;
        const { hookSpecificOutput } = await tell('PostToolUse');
        const text = hookSpecificOutput?.additionalContext;
        if (!text) return;
        // A tool of OpenCode's gives text, one of a server a list.
        if (Array.isArray(result.content)) result.content.push({ type: 'text', text });
        else result.output = `${result.output}\n\n${text}`;
      }),
    };
  };
