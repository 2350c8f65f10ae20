/** Agents that do a day's work on a harbour's project, spread over so many minutes; at the end some wait. */
export async function play(stage, minutes) {
  const pause = () => new Promise((on) => setTimeout(on, (minutes * 60_000) / 12));
  const cast = {};
  for (const [name, client, purpose] of [
    ['calm-otter', 'claude-code', 'moves the tide tables to the new schema'],
    ['azure-maple', 'codex', 'migrations, owner of db/'],
    ['brisk-heron', 'claude-code', 'fixes the flaky berth planner tests'],
    ['noble-nectar', 'codex', 'writes the release notes for 2.4'],
    ['quiet-birch', 'gemini-cli', 'reviews what the others change'],
    ['vivid-lark', 'claude-code', 'the harbour map, front end'],
  ]) {
    cast[name] = await stage.agent(name, { client });
    await cast[name].call('set_my_state', { purpose });
  }
  const { 'calm-otter': otter, 'azure-maple': maple, 'brisk-heron': heron, 'noble-nectar': nectar, 'quiet-birch': birch, 'vivid-lark': lark } = cast;
  otter.does('busy');
  heron.does('busy');
  maple.does('idle');

  const answered = async (asker, asked, question, answer) => {
    await asker.ask(asked.name, question);
    await pause();
    const mail = (await asked.read()).find((message) => message.body === question);
    await asked.reply(mail.message_id ?? mail.id, answer);
    await pause();
    await asker.read();
  };

  await nectar.say('calm-otter', 'I write the notes for 2.4. Tell me what you changed that users notice, please: one line each.');
  await pause();
  await answered(otter, maple, 'Which migration has to run before 2.4 goes out?',
    '0042_add_index. It takes about a minute on the copy of production, and it can run while the server is up.');
  await heron.say('quiet-birch', 'BerthPlannerTest is fixed: it compared times of two clocks.\n\n  - Instant.now() twice in one assertion\n  - now one SteppedClock for both\n\nbranch fix/berth-clock, two commits.');
  await pause();
  await answered(lark, birch, 'Is it all right to draw the berths as SVG instead of a canvas?',
    'Yes, and better: the labels can be read by a screen reader then. Keep it under 500 elements.');
  await answered(birch, heron, 'Does the planner still use the old clock anywhere?', 'Only in LegacyImport, which goes away with 2.5.');
  const late = await otter.call('send_message', {
    target: 'brisk-heron', body: 'Please run the planner tests once on the new tide tables, before I merge them.', expects_reply: true, due_minutes: 1,
  });
  await heron.read();
  await heron.call('update_work', { message_id: late.message_id, status: 'working', note: 'two ports are done, three to go' });
  await otter.say('noble-nectar', 'Tide tables: a port can have two gauges now. Nothing else changes for users.');
  await pause();
  lark.end();
  nectar.ask('azure-maple', 'Can I write that 2.4 needs no downtime?', 600_000).catch(() => {});
  otter.ask('quiet-birch', 'May I drop the column tide.height_ft? Nothing reads it since this morning.', 600_000).catch(() => {});
  await pause();
  birch.ask('noble-nectar', 'Do the notes say that the column goes away?', 600_000).catch(() => {});
  maple.does('asks');
  await new Promise((on) => setTimeout(on, 24_000));
}
