// The page of 'parley web'. Everything that a session wrote becomes text by textContent, never markup: the policy that the
// server sends has the browser refuse anything else.
'use strict';

const $ = (id) => document.getElementById(id);
const TOKEN = /^#[A-Za-z0-9_-]{43}$/;
const SVG = 'http://www.w3.org/2000/svg';
const PAGE = 100;
const MOST = 1000;
const SILENCE_MS = 25_000;
const GLYPH = { user: '◆', overdue: '!', answer: '◔', working: '▶', idle: '○', untold: '·', gone: '×' };
const STATE = {
  stored: 'stored', rung: 'rung', handed: 'handed over', shown: 'seen', answered: 'answered',
  gone: 'will not be read', unknown: 'no longer tracked',
};
const OUTLOOK = {
  now: 'it is told now', on_its_way: 'it was woken a moment ago', next_tool_call: 'it sees it at its next tool call',
  when_user_answers: 'it sees it when its user has answered', when_read: 'it sees it when it reads',
  when_resumed: 'it gets it when it is resumed', 'rate-limited': 'it was woken too often; it sees it when it reads',
  gone: 'it has ended for good',
};

// What is chosen: everybody's messages, a session's, or one thread; and a search in them.
const view = { number: 0, session: null, thread: null, text: '', limit: PAGE, answering: null };
const seen = { overview: null, messages: [], timeline: null, known: null };
let token = null;
let skew = 0;

// ---- the token: taken from the address at once, kept for this tab alone

function takeToken() {
  if (TOKEN.test(location.hash)) {
    token = location.hash.slice(1);
    sessionStorage.setItem('parley', token);
    history.replaceState(null, '', location.pathname);
    return true;
  }
  token = token || sessionStorage.getItem('parley');
  return false;
}

class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function ask(path, parameters, body) {
  const query = new URLSearchParams(parameters || {}).toString();
  const headers = { Authorization: 'Bearer ' + token };
  if (body) {
    headers['Content-Type'] = 'application/json';
  }
  const response = await fetch('/api/' + path + (query ? '?' + query : ''), {
    method: body ? 'POST' : 'GET', headers, body: body ? JSON.stringify(body) : undefined,
    cache: 'no-store', credentials: 'omit', redirect: 'error',
  });
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    const error = told.error || { code: 'failed', message: 'the server answered ' + response.status };
    throw new Refused(response.status, error.code, error.message);
  }
  return response.json();
}

// ---- small parts

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    element.setAttribute(name, value);
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

// Writes only what is different, so that what a screen reader or a selection stands on is left alone.
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// Children for items, by key: those that stay keep their element, and, where their order does too, the focus in it.
function keyed(parent, items, key, create, update) {
  const keys = new Set(items.map(key));
  Array.from(parent.children).filter((child) => !keys.has(child.dataset.key)).forEach((child) => child.remove());
  const before = new Map(Array.from(parent.children, (child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    let child = before.get(key(item));
    if (!child) {
      child = create(item);
      child.dataset.key = key(item);
    }
    update(child, item);
    if (child === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(child, at);
    }
  }
}

const now = () => Date.now() + skew;

function age(instant) {
  const seconds = Math.max(0, Math.floor((now() - Date.parse(instant)) / 1000));
  if (seconds < 60) {
    return seconds + ' s';
  }
  return seconds < 3600 ? Math.floor(seconds / 60) + ' min'
    : seconds < 172800 ? Math.floor(seconds / 3600) + ' h' : Math.floor(seconds / 86400) + ' days';
}

function clock(instant) {
  const date = new Date(instant);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return date.toDateString() === new Date(now()).toDateString() ? time
    : date.toLocaleDateString([], { month: 'short', day: 'numeric' }) + ' ' + time;
}

const short = (text, length) => (Array.from(text).length > length ? Array.from(text).slice(0, length - 1).join('') + '…' : text);
const sessionOf = (id) => seen.overview && seen.overview.sessions.find((session) => session.id === id);

// ---- sessions

function needWords(session) {
  const since = session.since ? ' ' + age(session.since) : '';
  const names = (all) => Array.from(new Set(all)).join(', ');
  const waits = seen.overview.waits.filter((wait) => wait.asker === session.id);
  const late = seen.overview.work.filter((item) => item.owner === session.id && item.overdue);
  switch (session.need) {
    case 'user': return 'needs you' + since;
    case 'overdue': return 'overdue' + since + ', owes ' + names(late.map((item) => item.requester_name));
    case 'answer': return 'waits for ' + names(waits.map((wait) => wait.asked_name)) + since;
    case 'working': return 'working' + since;
    case 'idle': return 'idle' + since;
    case 'gone': return 'ended';
    default: return session.life === 'live' ? 'running' : session.begun ? 'unknown' : 'not begun';
  }
}

// What was done to go on with a session, or keeps anybody from it.
function eventWords(event) {
  return event.what + (event.until ? ' until ' + clock(event.until) : '') + (event.ended ? ' (' + clock(event.ended) + ')' : '')
    + (event.cost ? ', ' + event.cost : '') + (event.why ? ': ' + event.why : '');
}

// A session that nobody goes on with by itself, as long as that lasts.
const isParked = (session) => Boolean(session.parked) && !(session.parked.until && Date.parse(session.parked.until) <= now());

// How far a request is.
function stateWords(item) {
  return item.state + (item.overdue ? ', overdue ' + age(item.due) : '');
}

// What a session owes or waits for, the overdue first. A question of an older version is in no state.
function openWork(session) {
  const overview = seen.overview;
  const known = new Set(overview.work.map((item) => item.message));
  const others = overview.waits.filter((wait) => !known.has(wait.message));
  const words = (what, item, inCall) => what + ', ' + age(item.since) + (item.state ? ', ' + stateWords(item) : '')
    + (item.now ? ', ' + inCall : '') + (item.said ? ': ' + item.said : '');
  return {
    owes: overview.work.filter((item) => item.owner === session.id)
      .map((item) => words('an answer to ' + item.requester_name, item, 'waited for in a call'))
      .concat(others.filter((wait) => wait.asked === session.id)
        .map((wait) => words('an answer to ' + wait.asker_name, wait, 'waited for in a call'))),
    waits: overview.work.filter((item) => item.requester === session.id)
      .map((item) => words('for ' + item.owner_name, item, 'in a call'))
      .concat(others.filter((wait) => wait.asker === session.id).map((wait) => words('for ' + wait.asked_name, wait, 'in a call'))),
  };
}

function createSession(session) {
  const item = make('li');
  const button = make('button', 'session');
  button.type = 'button';
  button.append(make('span', 'name'), make('span', 'client'), make('span', 'unread'), make('span', 'purpose'), make('span', 'does'));
  button.lastChild.append(make('span', 'chip'));
  button.addEventListener('click', () => choose(session.id));
  item.append(button);
  return item;
}

function updateSession(item, session) {
  const button = item.firstChild;
  const [name, client, unread, purpose, does] = button.children;
  write(name, session.name);
  write(unread, session.unread ? session.unread + ' unread' : session.unread === undefined ? 'mail?' : '');
  write(purpose, session.purpose || '');
  purpose.hidden = !session.purpose;
  const chip = does.firstChild;
  write(chip, (GLYPH[session.need] || '') + ' ' + needWords(session) + (isParked(session) ? ', parked' : ''));
  chip.dataset.need = session.need;
  write(client, session.client);
  button.title = session.cwd;
  mark(button, view.session === session.id && !view.thread);
}

// A session on another machine. Its messages are on that machine, so there is nothing to choose.
function createElsewhere() {
  const item = make('li');
  const box = make('div', 'session');
  box.append(make('span', 'name'), make('span', 'client'), make('span', 'unread'), make('span', 'purpose'), make('span', 'does'));
  box.lastChild.append(make('span', 'chip'));
  item.append(box);
  return item;
}

function updateElsewhere(item, session) {
  const [name, client, , purpose, does] = item.firstChild.children;
  write(name, session.name);
  write(client, session.client);
  write(purpose, session.purpose || '');
  purpose.hidden = !session.purpose;
  write(does.firstChild, (GLYPH[session.need] || '') + ' ' + (session.away ? 'away' : needWords(session)));
  does.firstChild.dataset.need = session.need;
}

function mark(button, isCurrent) {
  if (isCurrent) {
    button.setAttribute('aria-current', 'true');
  } else {
    button.removeAttribute('aria-current');
  }
}

function showSessions() {
  const overview = seen.overview;
  const here = overview.sessions.filter((session) => session.need !== 'gone');
  const gone = overview.sessions.filter((session) => session.need === 'gone');
  keyed($('list'), here, (session) => session.id, createSession, updateSession);
  keyed($('gone-list'), gone, (session) => session.id, createSession, updateSession);
  keyed($('elsewhere-list'), overview.elsewhere, (session) => session.id, createElsewhere, updateElsewhere);
  $('elsewhere').hidden = overview.elsewhere.length === 0;
  $('gone').hidden = gone.length === 0;
  const mail = gone.filter((session) => session.unread).length;
  write($('gone-title'), 'Ended: ' + (gone.length + overview.gone_not_listed) + (mail ? ', ' + mail + ' with mail' : ''));
  write($('gone-more'), overview.gone_not_listed ? overview.gone_not_listed + ' more are not listed' : '');
  $('nobody').hidden = here.length + gone.length > 0;
  mark($('everyone'), view.session === null && !view.thread);
  const count = (need) => here.filter((session) => session.need === need).length;
  const parts = [[count('user'), 'need you', 'needs you'], [count('overdue'), 'overdue', 'overdue'], [count('answer'), 'wait', 'waits'], [count('working'), 'work', 'works']]
    .filter(([number]) => number > 0).map(([number, many, one]) => number + ' ' + (number === 1 ? one : many));
  write($('summary'), parts.length ? parts.join(' · ') : here.length ? 'nobody needs anything' : '');
  const folder = overview.project.split('/').filter(Boolean).pop() || overview.project;
  document.title = (count('user') ? '(' + count('user') + ') ' : '') + folder + ' - Parley';
  write($('project'), overview.project);
  write($('kept'), overview.kept);
  showAbout();
  showReceivers(overview.sessions.concat(overview.elsewhere));
  notice('store', overview.unreadable.map((trouble) => 'Cannot be read: ' + trouble.what + ': ' + trouble.reason));
}

function showAbout() {
  const session = sessionOf(view.session);
  const about = $('about');
  about.hidden = !session || Boolean(view.thread);
  if (about.hidden) {
    return;
  }
  const open = openWork(session);
  const rows = [
    ['does', (GLYPH[session.need] || '') + ' ' + needWords(session) + (isParked(session) ? ', parked' : '')],
    ['purpose', session.purpose],
    ['client', session.client],
    ['directory', session.cwd],
    ...open.owes.map((text) => ['owes', text]),
    ...open.waits.map((text) => ['waits', text]),
    ['supervised', session.supervisor ? 'at this moment, by process ' + session.supervisor : ''],
    ['earlier', session.more_events ? session.more_events + ': parley log --with ' + session.name : ''],
    ...session.events.map((event) => ['history', clock(event.at) + ' ' + eventWords(event)]),
    ['mail', session.trouble ? 'cannot be looked at: ' + session.trouble : session.unread ? session.unread + ' unread' : ''],
    ['back', session.comeback],
  ].filter(([, value]) => value);
  const texts = rows.map((row) => row.join('\n')).join('\n\n');
  if (about.dataset.texts !== texts) {
    about.dataset.texts = texts;
    about.replaceChildren(...rows.flatMap(([name, value]) => [make('dt', '', name), make('dd', '', value)]));
  }
}

// ---- messages

function createMessage(message) {
  const item = make('li', 'message');
  item.tabIndex = -1;
  const top = make('div', 'top');
  const time = make('time');
  time.dateTime = message.at;
  time.title = message.at;
  top.append(make('span', 'who'), make('span', 'arrow', '→'), make('span', 'who'), time, make('span', 'chip kind'), make('span', 'chip state'));
  const body = make('div', 'body', message.body);
  const tools = make('div', 'tools');
  top.append(tools);
  item.append(top, body);
  if (message.body.length > 1200 || message.body.split('\n').length > 14) {
    body.classList.add('folded');
    item.append(tool('Show all', (button) => {
      const isFolded = body.classList.toggle('folded');
      button.textContent = isFolded ? 'Show all' : 'Show less';
    }));
  }
  const thread = tool('Thread', () => openThread(message.id));
  thread.classList.add('thread');
  tools.append(thread);
  if (seen.overview && seen.overview.write && message.from) {
    tools.append(tool('Answer', () => answer(message)));
  }
  return item;
}

function tool(text, action) {
  const button = make('button', 'quiet', text);
  button.type = 'button';
  button.addEventListener('click', () => action(button));
  return button;
}

function updateMessage(item, message) {
  const [from, , to, time, kind, state] = item.firstChild.children;
  item.dataset.depth = Math.min(message.depth, 4);
  item.dataset.question = message.question;
  item.dataset.origin = message.origin;
  write(from, message.from_name + (message.origin === 'peer' ? '' : message.origin === 'operator' && message.from_name === 'operator' ? '' : ' (' + message.origin + ')'));
  write(to, message.to_name);
  write(time, clock(message.at));
  kind.hidden = !message.question;
  write(kind, message.question ? 'question' : '');
  kind.dataset.kind = 'question';
  write(state, STATE[message.state] || message.state);
  state.dataset.kind = message.state;
  const times = [['stored', message.at], ['rung', message.rung_at], ['handed over', message.handed_at], ['seen', message.shown_at],
    ['answered', message.answered_at]].filter(([, at]) => at).map(([what, at]) => what + ' ' + clock(at));
  state.title = times.join('\n');
  const thread = item.querySelector('.thread');
  thread.hidden = Boolean(view.thread) || !(message.question || message.about);
}

function showMessages(listed) {
  const scroll = $('scroll');
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  const isFirst = seen.known === null;
  const fresh = isFirst ? [] : listed.messages.filter((message) => !seen.known.has(message.id));
  seen.messages = listed.messages;
  seen.known = new Set(listed.messages.map((message) => message.id));
  keyed($('messages'), listed.messages, (message) => message.id, createMessage, updateMessage);
  $('older').hidden = !listed.more || view.limit >= MOST;
  const hasNone = listed.messages.length === 0;
  $('silence').hidden = !hasNone;
  write($('silence'), view.text ? 'No message has this in it.' : 'No message yet.');
  $('back').hidden = !view.thread && !view.text && view.session === null;
  const session = sessionOf(view.session);
  const whose = view.session === null ? 'All messages' : 'Messages of ' + (session ? session.name : view.session);
  write($('talk-title'), view.thread ? 'Thread' : (view.text ? whose + ' with “' + short(view.text, 40) + '”' : whose));
  notice('messages', listed.unreadable.map((trouble) => 'Cannot be read: ' + trouble.what + ': ' + trouble.reason));
  if (isFirst || (wasAtEnd && fresh.length > 0)) {
    toEnd();
  }
  if (fresh.length > 0) {
    tell(fresh);
  }
}

function toEnd() {
  $('scroll').scrollTo({ top: view.thread || view.text ? 0 : $('scroll').scrollHeight, behavior: 'instant' });
}

function itemOf(id) {
  return Array.from($('messages').children).find((child) => child.dataset.key === id);
}

// What has just come: said to a screen reader, marked for a while, and reachable if it is out of sight.
function tell(fresh) {
  const newest = fresh.reduce((one, other) => (one.at > other.at ? one : other));
  write($('spoken'), fresh.length === 1 ? 'New message from ' + newest.from_name + ' to ' + newest.to_name
    : fresh.length + ' new messages');
  for (const message of fresh) {
    const item = itemOf(message.id);
    item.classList.add('new');
    setTimeout(() => item.classList.remove('new'), 4000);
  }
  const box = itemOf(newest.id).getBoundingClientRect();
  const shown = $('scroll').getBoundingClientRect();
  const button = $('fresh');
  button.hidden = box.bottom > shown.top && box.top < shown.bottom;
  button.textContent = fresh.length === 1 ? 'New: ' + short(newest.from_name, 20) + ' → ' + short(newest.to_name, 20)
    : fresh.length + ' new messages';
  button.dataset.message = newest.id;
}

// ---- who waits for whom

// Each session one column behind those that wait for it, as far as they do not wait in a circle.
function columns(ids, waits) {
  const column = new Map(ids.map((id) => [id, 0]));
  for (let round = 0; round < ids.length; round++) {
    let isMoved = false;
    for (const wait of waits) {
      const behind = column.get(wait.asker) + 1;
      if (!wait.round && column.get(wait.asked) < behind && behind < ids.length) {
        column.set(wait.asked, behind);
        isMoved = true;
      }
    }
    if (!isMoved) {
      break;
    }
  }
  return column;
}

// Whether the one who is asked waits, over however many others, for the one who asks.
function leadsBack(wait, waits) {
  const reached = new Set([wait.asked]);
  const next = [wait.asked];
  while (next.length > 0) {
    const at = next.pop();
    for (const other of waits) {
      if (other.asker === at && !reached.has(other.asked)) {
        reached.add(other.asked);
        next.push(other.asked);
      }
    }
  }
  return reached.has(wait.asker);
}

function showWaits() {
  const waits = seen.overview.waits.map((wait) => ({ ...wait, round: leadsBack(wait, seen.overview.waits) }));
  $('no-waits').hidden = waits.length > 0;
  const round = waits.filter((wait) => wait.round);
  $('circle').hidden = round.length === 0;
  write($('circle'), round.length === 0 ? '' : 'In a circle: ' + Array.from(new Set(round.map((wait) => wait.asker_name))).join(', ')
    + (round.length === 1 ? ' waits for itself' : ' wait for each other'));
  keyed($('wait-list'), waits, (wait) => wait.asker + ' ' + wait.message, (wait) => {
    const item = make('li');
    const button = make('button');
    button.type = 'button';
    button.addEventListener('click', () => openThread(wait.message));
    item.append(button, make('span'));
    return item;
  }, (item, wait) => {
    write(item.firstChild, wait.asker_name + ' → ' + wait.asked_name);
    const work = seen.overview.work.find((each) => each.message === wait.message);
    const news = work && (work.state !== 'open' || work.overdue) ? ', ' + stateWords(work) : '';
    write(item.lastChild, ', ' + (wait.now ? 'waits' : 'asked, no answer yet') + ': ' + age(wait.since) + news);
  });
  drawWaits(waits);
}

// Left to right; top down where that would be too wide.
function drawWaits(waits) {
  const names = new Map();
  waits.forEach((wait) => {
    names.set(wait.asker, wait.asker_name);
    names.set(wait.asked, wait.asked_name);
  });
  const ids = Array.from(names.keys());
  if (ids.length === 0) {
    $('graph').replaceChildren();
    return;
  }
  const column = columns(ids, waits);
  const isDown = Math.max(...column.values()) > 1;
  const [width, height, gap, margin] = [124, 30, isDown ? 34 : 62, 8];
  const rows = new Map();
  const place = new Map();
  for (const id of ids) {
    const [along, across] = [column.get(id), rows.get(column.get(id)) || 0];
    rows.set(along, across + 1);
    place.set(id, isDown ? { x: margin + across * (width + 18), y: margin + along * (height + gap) }
      : { x: margin + along * (width + gap), y: margin + across * (height + 14) });
  }
  const hasRound = waits.some((wait) => wait.round);
  const right = Math.max(...Array.from(place.values(), (at) => at.x)) + width + (hasRound ? 46 : margin);
  const bottom = Math.max(...Array.from(place.values(), (at) => at.y)) + height + margin;
  const svg = draw('svg', { width: right, height: bottom, viewBox: `0 0 ${right} ${bottom}`, role: 'img' });
  svg.setAttribute('aria-label', waits.map((wait) => wait.asker_name + ' waits for ' + wait.asked_name + ' ' + age(wait.since)).join('; '));
  for (const wait of waits) {
    drawWait(svg, wait, place.get(wait.asker), place.get(wait.asked), { width, height, isDown });
  }
  for (const id of ids) {
    const at = place.get(id);
    const session = sessionOf(id);
    // Of another machine's is known here that it is owed, not more.
    const isAfar = seen.overview.elsewhere.some((other) => other.id === id);
    const node = draw('g', { class: 'node', 'data-need': session ? session.need : isAfar ? 'untold' : 'gone' });
    node.append(draw('title', {}, names.get(id)));
    node.append(draw('rect', { x: at.x, y: at.y, width, height, rx: 8 }));
    node.append(draw('text', { x: at.x + width / 2, y: at.y + height / 2 + 4, 'text-anchor': 'middle' },
      (session ? GLYPH[session.need] + ' ' : '') + short(names.get(id), 14)));
    svg.append(node);
  }
  $('graph').replaceChildren(svg);
}

function drawWait(svg, wait, from, to, { width, height, isDown }) {
  const round = wait.round ? ' round' : '';
  let [d, tip, label] = ['', '', null];
  if (isDown ? to.y > from.y : to.x > from.x) {
    const [x1, y1, x2, y2] = isDown ? [from.x + width / 2, from.y + height, to.x + width / 2, to.y]
      : [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
    d = isDown ? `M${x1} ${y1}C${x1} ${y1 + 16} ${x2} ${y2 - 20} ${x2} ${y2 - 6}` : `M${x1} ${y1}C${x1 + 30} ${y1} ${x2 - 30} ${y2} ${x2 - 6} ${y2}`;
    tip = isDown ? `M${x2} ${y2}l-4 -8h8z` : `M${x2} ${y2}l-8 -4v8z`;
    label = isDown ? { x: (x1 + x2) / 2 + 7, y: (y1 + y2) / 2 + 3 } : { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 6, 'text-anchor': 'middle' };
  } else {
    const [x1, y1, x2, y2] = [from.x + width, from.y + height * 0.7, to.x + width, to.y + height * 0.3];
    const out = Math.max(x1, x2) + 38;
    d = `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2 + 6} ${y2}`;
    tip = `M${x2} ${y2}l8 -4v8z`;
  }
  svg.append(draw('path', { class: 'edge' + round, d }), draw('path', { class: 'tip' + round, d: tip }));
  if (label) {
    svg.append(draw('text', { class: 'faint', ...label }, age(wait.since)));
  }
}

// ---- the last hour

function showTimeline() {
  const timeline = seen.timeline;
  const end = now();
  const begin = end - timeline.minutes * 60_000;
  const messages = timeline.messages.filter((message) => Date.parse(message.at) >= begin);
  $('quiet').hidden = messages.length > 0;
  if (messages.length === 0) {
    $('timeline').replaceChildren();
    write($('hour-more'), '');
    return;
  }
  const lanes = new Map();
  for (const message of messages) {
    for (const [id, name] of [[message.from || message.origin, message.from_name], [message.to, message.to_name]]) {
      const lane = lanes.get(id) || { name, count: 0 };
      lane.count++;
      lanes.set(id, lane);
    }
  }
  const shown = Array.from(lanes).sort((one, other) => other[1].count - one[1].count).slice(0, 12)
    .sort((one, other) => one[1].name.localeCompare(other[1].name));
  const hidden = lanes.size - shown.length;
  write($('hour-more'), [hidden ? hidden + ' more sessions sent or got little in this hour; they are not drawn' : '',
    timeline.more ? 'only the newest 500 messages are drawn' : ''].filter(Boolean).join('; '));
  const width = Math.max(320, $('timeline').clientWidth);
  const [left, top, step] = [width < 500 ? 92 : 130, 8, 25];
  const row = new Map(shown.map(([id], index) => [id, top + index * step + step / 2]));
  const height = top + shown.length * step + 20;
  const x = (instant) => Math.max(left, left + ((Date.parse(instant) - begin) / (end - begin)) * (width - left - 12));
  const svg = draw('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  svg.setAttribute('aria-label', messages.length + ' messages in the last hour between ' + shown.map(([, lane]) => lane.name).join(', '));
  for (let minutes = 0; minutes <= timeline.minutes; minutes += width < 500 ? 20 : 10) {
    const at = new Date(end - minutes * 60_000).toISOString();
    svg.append(draw('line', { class: 'tick', x1: x(at), x2: x(at), y1: top, y2: height - 18 }));
    svg.append(draw('text', { class: 'faint', x: x(at), y: height - 4, 'text-anchor': minutes === 0 ? 'end' : 'middle' },
      minutes === 0 ? 'now' : '-' + minutes + ' min'));
  }
  for (const [id, lane] of shown) {
    svg.append(draw('line', { class: 'lane', x1: left, x2: width - 12, y1: row.get(id), y2: row.get(id) }));
    const label = draw('text', { x: left - 8, y: row.get(id) + 4, 'text-anchor': 'end' }, short(lane.name, left < 100 ? 11 : 16));
    label.append(draw('title', {}, lane.name));
    svg.append(label);
  }
  for (const message of messages.filter((each) => each.question && row.has(each.from))) {
    const until = message.answered_at || new Date(end).toISOString();
    svg.append(draw('rect', { class: 'open', x: x(message.at), y: row.get(message.from) - 5, rx: 2, height: 10,
      width: Math.max(2, x(until) - x(message.at)) }));
  }
  for (const message of messages) {
    const from = row.get(message.from || message.origin);
    const to = row.get(message.to);
    if (from === undefined || to === undefined) {
      continue;
    }
    const at = x(message.at);
    const tip = to > from ? -7 : 7;
    const group = draw('g', { class: 'mark ' + (message.question ? 'asked' : message.about ? 'answers' : 'said') });
    group.append(draw('title', {}, clock(message.at) + ' ' + message.from_name + ' → ' + message.to_name + ', '
      + (message.question ? 'question, ' : '') + (STATE[message.state] || message.state)));
    group.append(draw('line', { class: 'reach', x1: at, x2: at, y1: from, y2: to }));
    group.append(draw('line', { x1: at, x2: at, y1: from, y2: to }));
    group.append(message.question ? draw('rect', { x: at - 3.5, y: from - 3.5, width: 7, height: 7 })
      : draw('circle', { cx: at, cy: from, r: 3.5 }));
    group.append(draw('path', { d: `M${at} ${to}l-4 ${tip}h8z` }));
    group.addEventListener('click', () => openThread(message.id));
    svg.append(group);
  }
  $('timeline').replaceChildren(svg);
}

// ---- what is chosen

function panel(name) {
  document.documentElement.dataset.panel = name;
  for (const button of $('tabs').children) {
    mark(button, button.dataset.panel === name);
  }
  if (name === 'hour' && seen.timeline) {
    showTimeline();
  }
}

function changed() {
  view.number++;
  seen.known = null;
  view.limit = PAGE;
  $('fresh').hidden = true;
  if (seen.overview) {
    showSessions();
  }
  panel('talk');
  return refresh.messages().catch(failed);
}

function choose(id) {
  view.session = id;
  view.thread = null;
  view.answering = null;
  $('to').value = id || $('to').value;
  showAnswering();
  return changed();
}

function openThread(id) {
  view.thread = id;
  return changed();
}

function back() {
  if (view.answering) {
    view.answering = null;
    showAnswering();
  } else if (view.thread) {
    view.thread = null;
    changed();
  } else if (view.text) {
    view.text = '';
    $('text').value = '';
    changed();
  } else if (view.session !== null) {
    choose(null);
  }
}

// ---- writing

function showReceivers(sessions) {
  $('write').hidden = !seen.overview.write;
  document.querySelectorAll('.writing').forEach((row) => {
    row.hidden = !seen.overview.write;
  });
  if (!seen.overview.write) {
    return;
  }
  const chosen = $('to').value;
  keyed($('to'), sessions, (session) => session.id, () => make('option'), (option, session) => {
    option.value = session.id;
    write(option, session.name + (session.need === 'gone' ? ' (ended)' : ''));
  });
  $('to').value = sessions.some((session) => session.id === chosen) ? chosen : view.session || (sessions[0] && sessions[0].id) || '';
}

function answer(message) {
  view.answering = message;
  showAnswering();
  $('body').focus();
}

function showAnswering() {
  const message = view.answering;
  $('answered').hidden = !message;
  $('to').disabled = Boolean(message);
  if (message) {
    $('to').value = message.from;
    write($('answered-text'), 'Answers ' + message.from_name + ': “' + short(message.body.replace(/\s+/g, ' '), 60) + '”'
      + (message.question ? ' (' + message.from_name + ' goes on waiting for ' + message.to_name + ')' : ''));
  }
}

function countBytes() {
  const bytes = new TextEncoder().encode($('body').value).length;
  write($('bytes'), bytes > 6000 ? bytes + ' of 8192 bytes' : '');
  $('send').disabled = bytes > 8192;
}

async function send(event) {
  event.preventDefault();
  const body = $('body').value;
  if (!body) {
    write($('sent'), 'Write something first.');
    return;
  }
  const wake = $('wake').value;
  const input = view.answering ? { message_id: view.answering.id, body } : { to: $('to').value, body };
  if (wake) {
    input.wake = wake;
  }
  $('send').disabled = true;
  try {
    const sent = await ask(view.answering ? 'answer' : 'send', {}, input);
    $('body').value = '';
    view.answering = null;
    showAnswering();
    write($('sent'), 'Stored for ' + sent.to_name + ': ' + (OUTLOOK[sent.outlook] || sent.outlook)
      + (sent.hint ? '. ' + sent.hint : '') + (sent.not_woken ? '. Not woken: ' + sent.not_woken : ''));
    await refresh.messages();
  } catch (error) {
    write($('sent'), 'Not sent: ' + error.message);
    failed(error);
  } finally {
    countBytes();
  }
}

// ---- troubles

const notices = new Map();

function notice(about, texts) {
  notices.set(about, texts);
  const all = Array.from(notices.values()).flat();
  const joined = all.join('\n');
  if ($('notice').dataset.texts !== joined) {
    $('notice').dataset.texts = joined;
    $('notice').replaceChildren(...all.slice(0, 4).map((text) => make('p', '', text)),
      ...(all.length > 4 ? [make('p', '', 'and ' + (all.length - 4) + ' more; run parley check')] : []));
    $('notice').hidden = all.length === 0;
  }
}

function failed(error) {
  if (error instanceof Refused && error.status === 401) {
    link('lost', 'not let in');
    notice('token', ['This page was not let in: ' + error.message]);
    return true;
  }
  return false;
}

function link(state, text) {
  $('link').dataset.state = state;
  write($('link'), text);
}

// ---- asking again: one request of a kind at a time, and once more if something happened meanwhile

function again(load, show, choice = () => 0, rest = () => 100) {
  let running = null;
  let isWanted = false;
  const run = async () => {
    try {
      while (isWanted) {
        isWanted = false;
        const begun = choice();
        const result = await load();
        // What was asked for before something else was chosen is not shown in its place.
        if (begun === choice()) {
          show(result);
          // A flood is looked at as often as a person can see, and a search in it less often.
          await new Promise((rested) => setTimeout(rested, isWanted ? rest() : 0));
        }
      }
    } finally {
      running = null;
    }
  };
  return () => {
    isWanted = true;
    running = running || run();
    return running;
  };
}

const refresh = {
  overview: again(() => ask('overview'), (overview) => {
    seen.overview = overview;
    skew = Date.parse(overview.at) - Date.now();
    showSessions();
    showWaits();
  }),
  messages: again(async () => {
    try {
      const listed = view.thread ? await ask('thread', { id: view.thread })
        : await ask('messages', { limit: view.limit, ...(view.session === null ? {} : { with: view.session }), ...(view.text ? { text: view.text } : {}) });
      notice('search', []);
      return listed;
    } catch (error) {
      if (error instanceof Refused && ['bad-search', 'message-not-found'].includes(error.code)) {
        notice('search', [error.message]);
        return { messages: [], more: false, unreadable: [] };
      }
      throw error;
    }
  }, showMessages, () => view.number, () => (view.text ? 1000 : 100)),
  timeline: again(() => ask('timeline'), (timeline) => {
    seen.timeline = timeline;
    showTimeline();
  }),
};

// What messages show depends on whether the page may write.
async function refreshAll() {
  await refresh.overview();
  await Promise.all([refresh.timeline(), refresh.messages()]);
}

// ---- live: server-sent events, read here because EventSource cannot carry the token

let last = '';

async function listen() {
  const headers = { Authorization: 'Bearer ' + token, Accept: 'text/event-stream' };
  if (last) {
    headers['Last-Event-ID'] = last;
  }
  const stop = new AbortController();
  let watch = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const response = await fetch('/api/events', { headers, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: stop.signal });
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      throw new Refused(response.status, 'refused', told.error ? told.error.message : 'the server answered ' + response.status);
    }
    link('live', 'live');
    notice('lost', []);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE_MS);
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      await Promise.all(events.map(take));
    }
  } finally {
    clearTimeout(watch);
  }
}

function take(event) {
  const id = /^id: (.*)$/m.exec(event);
  if (!id) {
    return Promise.resolve();
  }
  last = id[1];
  // Whoever comes back to the page is shown all; until then the title says who needs somebody.
  return document.hidden ? refresh.overview() : refreshAll();
}

let wake = () => {};

async function live() {
  let pause = 500;
  for (;;) {
    const begun = Date.now();
    try {
      await listen();
    } catch (error) {
      if (failed(error)) {
        return;
      }
      if (error instanceof Refused) {
        notice('lost', [error.message]);
      }
    }
    pause = Date.now() - begun > 5000 ? 500 : Math.min(pause * 2, 10_000);
    link('lost', 'connection lost, trying again');
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}

// ---- keys

function move(step) {
  const inMessages = $('scroll').contains(document.activeElement);
  const items = inMessages ? Array.from($('messages').children)
    : [$('everyone'), ...document.querySelectorAll('#list .session'), ...($('gone').open ? document.querySelectorAll('#gone-list .session') : [])];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const current = at >= 0 ? at : inMessages ? (step > 0 ? -1 : items.length) : items.findIndex((item) => item.hasAttribute('aria-current'));
  const next = items[Math.max(0, Math.min(items.length - 1, current + step))];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    if (!inMessages) {
      next.click();
      next.focus();
    }
  }
}

function focused() {
  const item = document.activeElement && document.activeElement.closest('.message');
  return item && seen.messages.find((message) => message.id === item.dataset.key);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('help').open) {
    return;
  }
  const isTyping = event.target.closest('input, textarea, select');
  if (event.key === 'Escape') {
    if (isTyping && !$('text').value) {
      event.target.blur();
    } else {
      back();
    }
    return;
  }
  if (isTyping || !$('keys').checked) {
    return;
  }
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    '/': () => $('text').focus(),
    a: () => choose(null),
    '?': () => $('help').showModal(),
    t: () => focused() && openThread(focused().id),
    m: () => seen.overview.write && $('body').focus(),
    r: () => seen.overview.write && focused() && focused().from && answer(focused()),
  };
  if (actions[event.key] && seen.overview) {
    event.preventDefault();
    actions[event.key]();
  }
}

// ---- begin

function listenToThePerson() {
  document.addEventListener('keydown', onKey);
  $('everyone').addEventListener('click', () => choose(null));
  $('back').addEventListener('click', back);
  $('older').addEventListener('click', () => {
    view.limit = Math.min(MOST, view.limit * 3);
    refresh.messages().catch(failed);
  });
  $('fresh').addEventListener('click', () => {
    const item = itemOf($('fresh').dataset.message);
    $('fresh').hidden = true;
    if (item) {
      item.scrollIntoView({ block: 'center' });
      item.focus({ preventScroll: true });
    }
  });
  $('skip').addEventListener('click', (event) => {
    event.preventDefault();
    panel('talk');
    $('scroll').focus();
  });
  let typing = 0;
  $('text').addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(search, 250);
  });
  $('search').addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    search();
  });
  $('write').addEventListener('submit', send);
  $('body').addEventListener('input', countBytes);
  $('body').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      $('write').requestSubmit();
    }
  });
  $('answer-not').addEventListener('click', () => {
    view.answering = null;
    showAnswering();
  });
  $('help-open').addEventListener('click', () => $('help').showModal());
  for (const button of $('tabs').children) {
    button.addEventListener('click', () => panel(button.dataset.panel));
  }
  addEventListener('online', () => wake());
  addEventListener('hashchange', () => {
    if (takeToken()) {
      location.reload();
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      wake();
      refreshAll().catch(failed);
    }
  });
  new ResizeObserver(() => seen.timeline && showTimeline()).observe($('hour'));
  // What is at the end stays there when the room changes.
  let isAtEnd = false;
  $('scroll').addEventListener('scroll', () => {
    isAtEnd = $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 60;
  });
  new ResizeObserver(() => isAtEnd && toEnd()).observe($('scroll'));
  // Times grow, and a question that its user does not answer becomes a need, without an event.
  setInterval(() => seen.overview && seen.timeline && !document.hidden && (showSessions(), showWaits(), showTimeline()), 5000);
  setInterval(() => !document.hidden && $('link').dataset.state === 'live' && refresh.overview().catch(failed), 10_000);
}

function search() {
  const text = $('text').value;
  if (text !== view.text) {
    view.text = text;
    view.thread = null;
    changed();
  }
}

takeToken();
panel('talk');
if (token) {
  listenToThePerson();
  live();
} else {
  link('lost', 'not let in');
  notice('token', ['This page needs its whole address, with what follows the #: it is the first line that parley web printed.']);
}
