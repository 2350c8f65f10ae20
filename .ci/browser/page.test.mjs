// The page of 'parley web' in Chromium: what it shows, how soon, and that nothing a session writes does anything there.
import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Stage, axeSource, until } from './stage.mjs';

const texts = (page, selector) => page.$$eval(selector, (all) => all.map((one) => one.textContent));
const clean = async (page) => {
  assert.deepEqual(page.troubles, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
};

describe('a project with four sessions', () => {
  const stage = new Stage();
  let ann, ben, eve, web, relay, browser, page;

  before(async () => {
    ann = await stage.agent('ann');
    ben = await stage.agent('ben', { client: 'codex' });
    eve = await stage.agent('eve');
    const gone = await stage.agent('gone');
    await ann.call('set_my_state', { purpose: 'plans the release' });
    eve.does('busy');
    gone.end();
    await ann.say('ben', 'the build is red');
    await ben.say('ann', 'I know, it is the berth planner');
    ann.ask('ben', 'which port?', 600_000).catch(() => {});
    web = await stage.web();
    const port = new URL(web.origin).port;
    relay = await stage.relay(port);
    browser = await stage.browser([`--host-resolver-rules=MAP 127.0.0.1:${port} 127.0.0.1:${relay.port}`]);
    page = await stage.page(browser, web.address);
    await until('all is shown', async () => (await texts(page, '#messages .body')).length === 3 && (await texts(page, '#graph text')).length > 2);
  });
  after(() => stage.end());

  it('lists the sessions by what they need', async () => {
    await until('who was killed is folded away', async () => (await texts(page, '#list .name')).length === 3);
    assert.deepEqual(await texts(page, '#list .name'), ['ann', 'eve', 'ben']);
    const chips = await texts(page, '#list .chip');
    assert.match(chips[0], /waits for ben \d+ s$/);
    assert.match(chips[1], /working/);
    assert.match(chips[2], /running/);
    assert.match((await texts(page, '#gone-title'))[0], /^Ended: 1/);
    assert.ok((await texts(page, '#list .purpose')).includes('plans the release'));
    await clean(page);
  });

  const about = async (on) => {
    const [names, values] = [await texts(on, '#about dt'), await texts(on, '#about dd')];
    return names.map((name, i) => name + ' ' + values[i]);
  };

  it('tells what the chosen session owes and waits for', async () => {
    const choose = (name) => page.evaluate((wanted) => Array.from(document.querySelectorAll('#list .session'))
      .find((one) => one.querySelector('.name').textContent === wanted).click(), name);
    await choose('ben');
    await until('what ben owes', async () => (await about(page)).some((row) => /^owes an answer to ann, \d+ s, open, waited for in a call$/.test(row)));
    await choose('ann');
    await until('what ann waits for', async () => (await about(page)).some((row) => /^waits for ben, \d+ s, open, in a call$/.test(row)));
    await page.click('#everyone');
    await clean(page);
  });

  // Nothing falls due sooner than in a minute; the server's own words are altered for it.
  it('says in words what is overdue', async () => {
    const late = await stage.page(browser, 'about:blank');
    await late.route('**/api/overview', async (route) => {
      const overview = await (await route.fetch()).json();
      const due = new Date(Date.parse(overview.at) - 5 * 60_000).toISOString();
      const session = overview.sessions.find((one) => one.name === 'ben');
      Object.assign(session, { need: 'overdue', since: due });
      overview.sessions = [session, ...overview.sessions.filter((one) => one !== session)];
      Object.assign(overview.work[0], { state: 'blocked', overdue: true, due, said: 'no <b>key</b>' });
      await route.fulfill({ json: overview });
    });
    await late.goto(web.address);
    await until('it is shown', async () => /^! overdue 5 min, owes ann$/.test((await texts(late, '#list .chip'))[0] ?? ''));
    assert.match((await texts(late, '#summary'))[0], /1 overdue/);
    assert.match((await texts(late, '#wait-list li'))[0], /^ann → ben, waits: \d+ s, blocked, overdue 5 min$/);
    await late.click('#list .session');
    await until('how far it is', async () => (await about(late))
      .some((row) => /^owes an answer to ann, \d+ s, blocked, overdue 5 min, waited for in a call: no <b>key<\/b>$/.test(row)));
    await clean(late);
    await late.context().close();
  });

  // A start takes a real client and its provider; the server's own words are altered for it.
  it('tells what was done to go on with a session', async () => {
    const parked = await stage.page(browser, 'about:blank');
    let minutes = 0;
    await parked.route('**/api/overview', async (route) => {
      const overview = await (await route.fetch()).json();
      const later = (by) => new Date(Date.parse(overview.at) + by * 60_000).toISOString();
      const session = overview.sessions.find((one) => one.name === 'ben');
      const parking = { at: later(-4), what: 'not resumed for requests, parked: <b>rate_limited</b>', until: later(minutes) };
      Object.assign(session, { parked: parking, supervisor: 4242, more_events: 2, events: [
        { at: later(-6), what: 'resumed for m-1: did its turn', ended: later(-5), cost: '0.0123 USD' }, parking,
        { at: later(-3), what: 'resumed', why: 'its client had ended with 137' }] });
      await route.fulfill({ json: overview });
    });
    minutes = 30;
    await parked.goto(web.address);
    const chips = async () => (await texts(parked, '#list .chip')).find((chip) => chip.includes('parked')) ?? '';
    await until('it is parked', async () => /running, parked$/.test(await chips()));
    await parked.evaluate(() => Array.from(document.querySelectorAll('#list .session'))
      .find((one) => one.querySelector('.name').textContent === 'ben').click());
    await until('its history', async () => (await about(parked)).some((row) => row.startsWith('history ')));
    const rows = await about(parked);
    assert.ok(rows.includes('supervised at this moment, by process 4242'), rows.join());
    assert.ok(rows.includes('earlier 2: parley log --with ben'), rows.join());
    const history = rows.filter((row) => row.startsWith('history '));
    assert.match(history[0], /^history [\w ]*[0-9:]{8} resumed for m-1: did its turn \([\w ]*[0-9:]{8}\), 0\.0123 USD$/);
    assert.match(history[1], /^history [\w ]*[0-9:]{8} not resumed for requests, parked: <b>rate_limited<\/b> until [\w ]*[0-9:]{8}$/);
    assert.match(history[2], /^history [\w ]*[0-9:]{8} resumed: its client had ended with 137$/);
    minutes = -1;
    eve.does('busy');
    await until('its time has come', async () => (await chips()) === '');
    await clean(parked);
    await parked.context().close();
  });

  it('draws who waits for whom, and the last hour', async () => {
    assert.match(await page.getAttribute('#graph svg', 'aria-label'), /^ann waits for ben \d+ s$/);
    assert.match(await page.getAttribute('#timeline svg', 'aria-label'), /^3 messages in the last hour between ann, ben$/);
    assert.equal((await page.$$('#timeline .mark')).length, 3);
    assert.match((await texts(page, '#wait-list li'))[0], /^ann → ben, waits: \d+ s$/);
  });

  it('shows a message within a second of its sending', async () => {
    const body = 'live ' + Date.now();
    await page.evaluate((text) => {
      window.seenAt = new Promise((seen) => {
        new MutationObserver(() => document.body.textContent.includes(text) && seen(Date.now())).observe(document.body, { childList: true, subtree: true });
      });
    }, body);
    await eve.say('ben', body);
    const sentAt = Date.now();
    const took = (await page.evaluate(() => window.seenAt)) - sentAt;
    console.log('a live message was shown after ' + took + ' ms');
    assert.ok(took <= 1000, took + ' ms');
    assert.match((await texts(page, '#spoken'))[0], /New message from eve to ben/);
    await clean(page);
  });

  it('shows the last of a flood as soon', async () => {
    for (let i = 1; i <= 40; i++) {
      await eve.say('ben', 'flood ' + i);
    }
    const begun = Date.now();
    await until('it is shown', async () => (await texts(page, '#messages .body')).includes('flood 40'));
    const took = Date.now() - begun;
    console.log('the last of 40 messages was shown after ' + took + ' ms');
    assert.ok(took <= 1500, took + ' ms');
    await clean(page);
  });

  it('shows what becomes of a message', async () => {
    const state = () => page.$$eval('#messages .message', (all) => all.find((one) => one.querySelector('.body').textContent === 'the build is red').querySelector('.state').textContent);
    assert.equal(await state(), 'stored');
    await ben.read();
    await until('it is handed over', async () => ['handed over', 'seen'].includes(await state()));
  });

  it('searches by text and by expression, and says what is wrong with one', async () => {
    await page.fill('#text', 'BUILD');
    await until('one is found', async () => (await texts(page, '#messages .body')).join() === 'the build is red');
    await page.fill('#text', '/^I .*planner$/');
    await until('another is found', async () => (await texts(page, '#messages .body')).join() === 'I know, it is the berth planner');
    await page.fill('#text', '/(/');
    await until('it is told', async () => (await texts(page, '#notice')).join().includes('no regular expression'));
    await page.fill('#text', 'nowhere to be found');
    await until('none is found', async () => page.isVisible('#silence'));
    await page.fill('#text', '');
    await until('all are back', async () => (await texts(page, '#messages .body')).length >= 4);
    assert.equal(await page.isVisible('#notice'), false);
    // What the browser says itself of an answer of 400 is no error of the page's.
    page.troubles = page.troubles.filter((trouble) => !trouble.includes('status of 400'));
    await clean(page);
  });

  it('is worked with the keyboard alone', async () => {
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('j');
    await until('ann is chosen', async () => (await texts(page, '#talk-title'))[0] === 'Messages of ann');
    await page.keyboard.press('j');
    await until('eve is chosen', async () => (await texts(page, '#talk-title'))[0] === 'Messages of eve');
    await page.keyboard.press('k');
    await until('ann is chosen again', async () => (await texts(page, '#talk-title'))[0] === 'Messages of ann');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await until('all is shown', async () => (await texts(page, '#talk-title'))[0] === 'All messages');
    await page.focus('#scroll');
    await page.keyboard.press('j');
    await page.keyboard.press('t');
    assert.equal(await page.evaluate(() => document.activeElement.className.includes('message')), true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await page.evaluate(() => document.querySelector('#help').open), true);
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.querySelector('#keys').click());
    await page.keyboard.press('?');
    assert.equal(await page.evaluate(() => document.querySelector('#help').open), false);
    await page.evaluate(() => document.querySelector('#keys').click());
    await clean(page);
  });

  it('goes on where it stopped after a lost connection', async () => {
    page.requested.length = 0;
    relay.cut();
    await until('the loss is shown', async () => (await texts(page, '#link'))[0].includes('lost'));
    await eve.say('ann', 'said while nobody listened');
    relay.mend();
    await until('it is shown', async () => (await texts(page, '#messages .body')).includes('said while nobody listened'));
    await until('it is live', async () => (await texts(page, '#link'))[0] === 'live');
    const streams = page.requested.filter((request) => request.url().endsWith('/api/events'));
    assert.match(streams.at(-1).headers()['last-event-id'], /^[0-9a-z]+-\d+$/);
    // What the browser says itself of a connection that is not there.
    page.troubles = page.troubles.filter((trouble) => !trouble.includes('net::ERR_'));
    await clean(page);
  });

  it('keeps the token out of every request line, Referer and store of others', async () => {
    await page.reload();
    await until('it is live again', async () => (await texts(page, '#link'))[0] === 'live');
    for (const request of page.requested) {
      assert.ok(request.url().startsWith(web.origin + '/'), request.url());
      assert.ok(!request.url().includes(web.token));
      assert.ok(!request.headers().referer);
      assert.equal(request.headers().cookie, undefined);
    }
    assert.equal(page.url(), web.origin + '/');
    assert.equal(await page.evaluate(() => document.cookie + localStorage.length), '0');
    assert.equal(web.errors, '');
    await clean(page);
  });

  it('does not offer to write', async () => {
    assert.equal(await page.isVisible('#write'), false);
    assert.equal((await web.ask('/api/send')).status, 405);
  });

  it('lets nobody in without the token', async () => {
    const without = await stage.page(browser, web.origin + '/');
    await until('it is told', async () => (await texts(without, '#notice')).join().includes('whole address'));
    assert.equal(await without.$('#list li'), null);
    const wrong = await stage.page(browser, web.origin + '/#' + 'A'.repeat(43));
    await until('it is told', async () => (await texts(wrong, '#notice')).join().includes('not let in'));
    assert.equal(await wrong.$('#list li'), null);
    for (const one of [without, wrong]) {
      assert.deepEqual(await one.evaluate(() => window.violations), []);
    }
    assert.equal((await web.ask('/api/overview', { Authorization: 'Bearer wrong' })).status, 401);
  });

  it('gives a page of another site nothing, also one that knows the token', async () => {
    const site = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>evil</title>'));
    await new Promise((listening) => site.listen(0, '127.0.0.1', listening));
    stage.ending.push(() => site.close());
    const evil = await stage.page(browser, 'http://127.0.0.1:' + site.address().port + '/');
    const got = await evil.evaluate(async ([origin, token]) => {
      const results = [];
      for (const init of [{ headers: { Authorization: 'Bearer ' + token } }, { mode: 'no-cors' }, { method: 'POST', mode: 'no-cors', body: '{}' }]) {
        results.push(await fetch(origin + '/api/overview', init).then((response) => response.type + response.status, () => 'refused'));
      }
      const frame = document.createElement('iframe');
      frame.src = origin + '/#' + token;
      document.body.append(frame);
      await new Promise((loaded) => {
        frame.onload = loaded;
        setTimeout(loaded, 3000);
      });
      let inside;
      try {
        inside = frame.contentDocument?.body?.textContent ?? 'hidden';
      } catch {
        inside = 'hidden';
      }
      results.push(inside.includes('Parley') ? 'framed' : 'not framed');
      const script = document.createElement('script');
      script.src = origin + '/cockpit.js';
      results.push(await new Promise((done) => {
        script.onload = () => done('loaded');
        script.onerror = () => done('refused');
        document.body.append(script);
      }));
      return results;
    }, [web.origin, web.token]);
    assert.equal(got[0], 'refused');
    assert.ok(['refused', 'opaque0'].includes(got[1]) && ['refused', 'opaque0'].includes(got[2]), got.join());
    assert.equal(got[3], 'not framed');
    assert.equal(got[4], 'refused');
  });

  it('answers to no name of somebody else that points here', async () => {
    const rebound = await stage.browser(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
    const port = new URL(web.origin).port;
    const context = await rebound.newContext();
    const evil = await context.newPage();
    const answer = await evil.goto('http://evil.example:' + port + '/#' + web.token);
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /wrong-host/);
    const asked = await evil.evaluate(async (token) => {
      const response = await fetch('/api/overview', { headers: { Authorization: 'Bearer ' + token } });
      return response.status;
    }, web.token);
    assert.equal(asked, 403);
  });

  for (const [name, options] of [['light', { colorScheme: 'light' }], ['dark', { colorScheme: 'dark' }],
    ['a phone', { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true }]]) {
    it('is accessible: ' + name, async () => {
      // The checker itself makes scripts of texts, which the page's policy forbids.
      const judged = await stage.page(browser, web.address, { ...options, bypassCSP: true });
      await until('it is drawn', async () => (await judged.$$('#messages .message')).length >= 4 && (await judged.$('#timeline svg')));
      const panels = name === 'a phone' ? ['sessions', 'talk', 'waits', 'hour'] : ['all'];
      for (const panel of panels) {
        if (panel !== 'all') {
          await judged.click(`#tabs [data-panel="${panel}"]`);
        }
        await judged.waitForTimeout(400);
        await judged.evaluate(axeSource());
        const found = await judged.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        const serious = found.violations.filter((violation) => ['serious', 'critical'].includes(violation.impact));
        assert.deepEqual(serious.map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.html).join(' ')), []);
        assert.ok(found.violations.length <= 1, found.violations.map((violation) => violation.id).join());
        assert.equal(await judged.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the screen');
      }
    });
  }

  it('moves nothing for whoever wants no motion', async () => {
    const still = await stage.page(browser, web.address, { reducedMotion: 'reduce' });
    await until('it is drawn', async () => (await still.$$('#messages .message')).length >= 4);
    const moving = await still.evaluate(() => Array.from(document.querySelectorAll('*')).filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none' || style.scrollBehavior === 'smooth';
    }).length);
    assert.equal(moving, 0);
  });

  it('does not change what is delivered', async () => {
    const mail = await ann.read();
    assert.ok(mail.some((message) => message.body === 'said while nobody listened'));
  });
});

describe('a page that may write', () => {
  const stage = new Stage();
  let ann, ben, web, page;

  before(async () => {
    ann = await stage.agent('ann');
    ben = await stage.agent('ben');
    web = await stage.web('--write');
    page = await stage.page(await stage.browser(), web.address);
    await until('it is drawn', async () => (await texts(page, '#to option')).length === 2);
  });
  after(() => stage.end());

  it('sends as the operator', async () => {
    await page.selectOption('#to', 'ben-session');
    await page.fill('#body', 'please look at <b>this</b> 数');
    await page.keyboard.press('Control+Enter');
    await until('it is told', async () => /^Stored for ben/.test((await texts(page, '#sent'))[0]));
    const [mail] = await ben.read();
    assert.equal(mail.body, 'please look at <b>this</b> 数');
    assert.equal(mail.origin, 'operator');
    await until('it is shown', async () => (await texts(page, '#messages .body')).join() === 'please look at <b>this</b> 数');
    assert.equal(await page.inputValue('#body'), '');
  });

  it('answers the message that has the focus', async () => {
    const asked = ann.ask('ben', 'which port?', 1);
    await until('the question is there', async () => (await texts(page, '#messages .body')).includes('which port?'));
    await asked;
    await page.$$eval('#messages .message', (all) => all.find((one) => one.querySelector('.body').textContent === 'which port?').focus());
    await page.keyboard.press('r');
    assert.match((await texts(page, '#answered-text'))[0], /Answers ann: “which port\?”.*goes on waiting for ben/);
    await page.keyboard.type('8080, says the operator');
    await page.click('#send');
    const [mail] = await until('it has come', async () => {
      const all = await ann.read();
      return all.length > 0 && all;
    });
    assert.equal(mail.origin, 'operator');
    assert.equal(mail.body, '8080, says the operator');
    await until('it stands under the question', async () => (await page.$('.message[data-depth="1"][data-origin="operator"]')) !== null);
    await clean(page);
  });

  it('keeps what could not be sent', async () => {
    await page.fill('#body', 'y'.repeat(8193));
    assert.equal(await page.isDisabled('#send'), true);
    assert.match((await texts(page, '#bytes'))[0], /8193 of 8192/);
    await page.fill('#body', 'kept');
    await page.route('**/api/send', (route) => route.abort());
    await page.click('#send');
    await until('it is told', async () => /^Not sent/.test((await texts(page, '#sent'))[0]));
    assert.equal(await page.inputValue('#body'), 'kept');
  });
});

describe('texts of sessions that want to be markup', () => {
  const script = '<img src=x onerror=alert(1)><script>alert(2)</scr' + 'ipt><svg onload=alert(3)>';
  const path = '<img src=x onerror=alert(4)>';
  const stage = new Stage(undefined, path);
  let web, page;

  before(async () => {
    const eve = await stage.agent('eve', { client: script });
    const ann = await stage.agent('ann');
    await eve.call('set_my_state', { purpose: script });
    await eve.say('ann', script + '\n"><a href="javascript:alert(5)">x</a>');
    eve.ask('ann', script + '?', 600_000).catch(() => {});
    await ann.call('set_my_state', { purpose: 'javascript:alert(6)' });
    await until('the question is stored', async () => ann.unread() === 2);
    eve.forge({ name: script, cwd: script, client: script });
    web = await stage.web('--write');
    page = await stage.page(await stage.browser(), web.address);
    await until('it is drawn', async () => (await page.$$('#messages .message')).length === 2 && (await page.$('#graph svg')) && (await page.$('#timeline svg')));
  });
  after(() => stage.end());

  it('stay text', async () => {
    await page.click('#list li:first-child button');
    await until('it is chosen', async () => page.isVisible('#about'));
    const shown = (await texts(page, 'body')).join();
    for (const text of ['<img src=x onerror=alert(1)>', path, 'javascript:alert(6)', '<a href="javascript:alert(5)">x</a>']) {
      assert.ok(shown.includes(text), text);
    }
    assert.ok((await texts(page, '#list .name')).every((name) => /^[a-z]+(-[a-z]+)?$/.test(name)), 'what is no name is not shown as one');
    assert.ok((await texts(page, '#list .client')).includes(script), 'the client');
    assert.ok((await texts(page, '#list .purpose')).includes(script), 'the purpose');
    assert.ok((await texts(page, '#about dd')).includes(script), 'the directory');
    assert.ok((await texts(page, '#project'))[0].endsWith(path), 'the project');
    assert.equal(await page.evaluate(() => document.querySelectorAll('img, iframe, object, embed, a[href^="javascript"], script:not([src="/cockpit.js"]), [onerror], [onload]').length), 0);
    await page.waitForTimeout(300);
    await clean(page);
  });

  it('stay text in a thread, a search and an answer', async () => {
    await page.fill('#text', '<img');
    await until('they are found', async () => (await texts(page, '#talk-title'))[0].includes('<img') && (await page.$$('#messages .message')).length === 2);
    await page.$$eval('#messages .message', (all) => all.at(-1).focus());
    await page.keyboard.press('r');
    await until('the answer is begun', async () => page.isVisible('#answered'));
    await page.$$eval('#messages .message', (all) => all.find((one) => one.dataset.question === 'true').focus());
    await page.keyboard.press('t');
    await until('the thread is shown', async () => (await texts(page, '#talk-title'))[0] === 'Thread');
    await clean(page);
  });
});

describe('a server that lets anything through', () => {
  const script = '"><img src=x onerror=alert(1)><script>alert(2)</scr' + 'ipt>';
  const stage = new Stage();
  after(() => stage.end());

  /** Each text that is shown, whatever the server would have made of it. */
  const poisoned = (value, key) => Array.isArray(value) ? value.map((one) => poisoned(one, key))
    : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]))
      : typeof value === 'string' && /name$|^(client|purpose|cwd|body|kept|project|comeback|what|reason|need|state|origin|trouble)$/.test(key) ? script : value;

  it('finds a page in which texts stay text', async () => {
    const ann = await stage.agent('ann');
    const ben = await stage.agent('ben');
    await ben.say('ann', 'hello');
    ann.ask('ben', 'which port?', 600_000).catch(() => {});
    const web = await stage.web('--write');
    const browser = await stage.browser();
    const context = await browser.newContext();
    await context.route(/\/api\/(overview|messages|timeline|thread)/, async (route) => {
      const response = await route.fetch();
      const body = poisoned(await response.json(), '');
      if (body.sessions) {
        body.unreadable = [{ what: script, reason: script }];
      }
      await route.fulfill({ response, json: body });
    });
    const page = await stage.page(browser, web.address, {}, context);
    await until('it is drawn', async () => (await page.$$('#messages .message')).length === 2 && (await page.$('#graph svg')) && (await page.$('#timeline svg')));
    await page.click('#list li:first-child button');
    await until('it is chosen', async () => page.isVisible('#about'));
    await page.$$eval('#messages .message', (all) => all.at(-1).focus());
    await page.keyboard.press('r');
    const shown = (await texts(page, 'body'))[0];
    assert.ok(shown.split(script).length > 15, 'they are shown');
    assert.equal(await page.evaluate(() => document.querySelectorAll('img, script:not([src="/cockpit.js"]), [onerror]').length), 0);
    await page.waitForTimeout(300);
    await clean(page);
  });
});

describe('when parley web ends', () => {
  const stage = new Stage();
  after(() => stage.end());

  it('says so on the page and lets go of the port', async () => {
    await stage.agent('ann');
    const web = await stage.web();
    const page = await stage.page(await stage.browser(), web.address);
    await until('it is live', async () => (await texts(page, '#link'))[0] === 'live');
    const ended = new Promise((end) => web.process.once('exit', end));
    web.end();
    await ended;
    await until('it is told', async () => (await texts(page, '#link'))[0].includes('lost'));
    await assert.rejects(new Promise((done, fail) => httpRequest(web.origin).on('response', done).on('error', fail).end()));
  });
});
