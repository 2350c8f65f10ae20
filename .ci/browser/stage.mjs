// A store, a project, agents with real Parley servers, 'parley web', and Chromium in front of it.
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(resolve(process.env.PARLEY_BROWSER ?? '.', 'package.json'));
const { chromium } = require('playwright-core');
export const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const launcher = process.env.PARLEY_LAUNCHER;
const LIMIT_MS = 30_000;

/** Waits until something is so; says what, if it never is. */
export async function until(what, isSo, limit = LIMIT_MS) {
  const end = Date.now() + limit;
  for (;;) {
    const result = await isSo();
    if (result) {
      return result;
    }
    if (Date.now() > end) {
      throw new Error('after ' + limit + ' ms still not so: ' + what);
    }
    await new Promise((again) => setTimeout(again, 40));
  }
}

/** The checksum at the end of a card. */
function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Stands between the browser and a server, and can be cut. */
class Relay {
  constructor(target) {
    this.sockets = new Set();
    this.isCut = false;
    this.server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const [one, other] of [[near, far], [far, near]]) {
        this.sockets.add(one);
        one.on('close', () => this.sockets.delete(one) && other.destroy());
        one.on('error', () => other.destroy());
      }
      if (this.isCut) {
        near.destroy();
      } else {
        near.pipe(far).pipe(near);
      }
    });
  }

  async start() {
    await new Promise((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.port = this.server.address().port;
    return this;
  }

  cut() {
    this.isCut = true;
    this.sockets.forEach((socket) => socket.destroy());
  }

  mend() {
    this.isCut = false;
  }

  end() {
    this.cut();
    this.server.close();
  }
}

/** A coding agent as its Parley server sees it. */
class Agent {
  constructor(stage, client, directory, home) {
    this.waiting = new Map();
    this.number = 0;
    // Under a parent of its own, as a client is: else this script would be taken for the client of all, and of 'parley web'.
    this.process = spawn('/bin/sh', ['-c', '"$0" serve; exit $?', launcher],
      { cwd: directory, env: stage.environment, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    });
    this.client = client;
    this.home = home;
  }

  tell(message) {
    this.process.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  }

  request(method, params) {
    const id = ++this.number;
    return new Promise((done, fail) => {
      const limit = setTimeout(() => fail(new Error(method + ' is not answered')), LIMIT_MS);
      this.waiting.set(id, (message) => {
        clearTimeout(limit);
        done(message);
      });
      this.tell({ id, method, params });
    });
  }

  async start(name) {
    await this.request('initialize', {
      protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: this.client, version: '1' },
    });
    this.tell({ method: 'notifications/initialized' });
    this.name = name;
    this.id = name + '-session';
    await this.call('claim_session', { session_id: this.id });
    await this.call('set_my_state', { name });
    return this;
  }

  async call(tool, input) {
    const answer = await this.request('tools/call', { name: tool, arguments: input });
    const result = answer.result ?? {};
    if (answer.error || result.isError) {
      throw new Error(tool + ': ' + JSON.stringify(answer.error ?? result.content));
    }
    return JSON.parse(result.content[0].text);
  }

  say(target, body) {
    return this.call('send_message', { target, body });
  }

  /** Asks, and waits for so long; the question stays open after that. */
  ask(target, body, timeout = 1) {
    return this.call('ask_peer', { target, body, timeout_ms: timeout });
  }

  async read() {
    return (await this.call('read_my_messages', {})).messages;
  }

  reply(id, body) {
    return this.call('reply_to_message', { message_id: id, body });
  }

  /** As its client's hook would say. */
  does(activity) {
    writeFileSync(join(this.home, 'sessions', this.id, 'activity'), activity + '\n');
  }

  /** How many messages wait for it. */
  unread() {
    return readdirSync(join(this.home, 'sessions', this.id, 'mailbox', 'new')).length;
  }

  /** What no tool would take: a neighbour with a shell forges the card. Its server stands still from now on: it writes the card, too. */
  forge(fields) {
    process.kill(-this.process.pid, 'SIGSTOP');
    const file = join(this.home, 'sessions', this.id, 'session.json');
    const card = JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8').split('\n')[0]), ...fields }) + '\n';
    writeFileSync(file, card + 'crc32c:' + crc32c(Buffer.from(card)).toString(16).padStart(8, '0') + '\n');
  }

  end() {
    process.kill(-this.process.pid, 'SIGKILL');
  }
}

/** 'parley web', as a person starts it. */
class Web {
  constructor(stage, options) {
    this.process = spawn(launcher, ['web', ...options], { cwd: stage.project, env: stage.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.errors = '';
    this.process.stderr.on('data', (text) => {
      this.errors += text;
    });
    this.first = new Promise((done, fail) => {
      createInterface({ input: this.process.stdout }).once('line', done);
      this.process.once('exit', (code) => fail(new Error('parley web ended with ' + code + ': ' + this.errors)));
    });
  }

  async start() {
    this.address = await this.first;
    [this.origin, this.token] = this.address.split('/#');
    return this;
  }

  /** Asks it something as any program can. */
  ask(path, headers = {}) {
    return fetch(this.origin + path, { headers: { Authorization: 'Bearer ' + this.token, ...headers } });
  }

  end() {
    this.process.kill('SIGTERM');
  }
}

export class Stage {
  constructor(keep, name = 'harbour') {
    this.root = keep ?? mkdtempSync(join(tmpdir(), 'parley-page-'));
    this.home = join(this.root, 'home');
    this.project = join(this.root, name);
    mkdirSync(this.project, { recursive: true });
    this.environment = {
      PATH: process.env.PATH, HOME: this.root, PARLEY_HOME: this.home, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(this.root, 'cache'),
      PARLEY_DURABILITY: 'process', ...(process.env.PARLEY_JAVA ? { PARLEY_JAVA: process.env.PARLEY_JAVA } : {}),
    };
    this.ending = [];
  }

  async agent(name, { client = 'claude-code', directory = this.project } = {}) {
    mkdirSync(directory, { recursive: true });
    const agent = new Agent(this, client, directory, this.home);
    this.ending.push(() => agent.process.exitCode ?? agent.process.signalCode ?? agent.end());
    return agent.start(name);
  }

  async web(...options) {
    const web = new Web(this, options);
    this.ending.push(() => web.end());
    return web.start();
  }

  /** A relay to a server of 127.0.0.1. */
  async relay(target) {
    const relay = await new Relay(target).start();
    this.ending.push(() => relay.end());
    return relay;
  }

  /** Chromium. */
  async browser(more = []) {
    const browser = await chromium.launch({
      executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', ...more],
    });
    this.ending.push(() => browser.close());
    return browser;
  }

  /** A page in a context of its own, with what its console and its policy complain of, and what it asked for. */
  async page(browser, address, options = {}, given = undefined) {
    const context = given ?? await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
    const page = await context.newPage();
    page.troubles = [];
    page.requested = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.troubles.push(message.text()));
    page.on('pageerror', (error) => page.troubles.push(String(error)));
    page.on('dialog', (dialog) => {
      page.troubles.push('dialog: ' + dialog.message());
      dialog.dismiss();
    });
    page.on('request', (request) => page.requested.push(request));
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
    });
    await page.goto(address);
    return page;
  }

  async end(isRemoved = true) {
    for (const end of this.ending.reverse()) {
      await end();
    }
    if (isRemoved) {
      rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }

  parley(...args) {
    return execFileSync(launcher, args, { cwd: this.project, env: this.environment, encoding: 'utf8' });
  }
}
