// Plays a day's work and takes the pictures of it for the documents.
// Usage: pictures.mjs DIR [MINUTES [ROOT]]     MINUTES: over how long the messages are spread; ROOT: of a stage that stands
import { join } from 'node:path';
import { play } from './cast.mjs';
import { Stage, until } from './stage.mjs';

const [directory, minutes = '1', root] = process.argv.slice(2);
const stage = new Stage(root);
if (!root) {
  await play(stage, Number(minutes));
}
const web = await stage.web('--write');
const browser = await stage.browser();
const shots = [
  ['web-light', { colorScheme: 'light', viewport: { width: 1440, height: 900 } }],
  ['web-dark', { colorScheme: 'dark', viewport: { width: 1440, height: 900 } }],
  ['web-phone', { colorScheme: 'light', viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
];
for (const [name, options] of shots) {
  const page = await stage.page(browser, web.address, options);
  await until('the page is drawn', () => page.evaluate(() => document.querySelectorAll('#messages .message').length > 8 && document.querySelector('#timeline svg') !== null));
  if (name === 'web-phone') {
    await page.click('#tabs [data-panel="sessions"]');
  } else if (name === 'web-dark') {
    await page.click('#list li:nth-child(2) button');
    await until('its messages are there', () => page.evaluate(() => !document.querySelector('#about').hidden));
  }
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(directory, name + '.png') });
  if (name === 'web-phone') {
    await page.click('#tabs [data-panel="talk"]');
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(directory, name + '-messages.png') });
  }
  console.log(name, page.troubles, await page.evaluate(() => window.violations));
}
await stage.end(!root);
