package dev.parley.clients;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.regex.Pattern;

/** A pane of a {@link PrivateTmux}, driven as a user at the keyboard would. */
public final class TmuxPane {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    /** A person does not type text and Enter within the same few milliseconds. */
    private static final Duration BETWEEN_TEXT_AND_ENTER = Duration.ofMillis(300);

    private static final Duration BETWEEN_PRESSES = Duration.ofSeconds(1);

    private final PrivateTmux tmux;
    private final String id;

    TmuxPane(PrivateTmux tmux, String id) {
        this.tmux = tmux;
        this.id = id;
    }

    /** Its name in the server. */
    public String id() {
        return id;
    }

    /** The process that it was made with. */
    public long process() {
        return Long.parseLong(ask("#{pane_pid}"));
    }

    /** The answer to a format. */
    public String ask(String format) {
        return tmux.run("display-message", "-p", "-t", id, format).strip();
    }

    /** Types a text. */
    public void type(String text) {
        tmux.run("send-keys", "-t", id, "-l", "--", text);
    }

    /** Presses keys, by tmux' names. */
    public void press(String... keys) {
        for (String key : keys) {
            tmux.run("send-keys", "-t", id, key);
        }
    }

    /**
     * Answers a dialog by a key, until the dialog is gone: a client may drop what is pressed in the moment in which its dialog
     * appears (Claude Code 2.1.332 does, in one of several runs).
     */
    public void answer(String dialog, String key) {
        Pattern pattern = Pattern.compile(dialog);
        awaitText(dialog);
        await().pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_PRESSES)
                .atMost(LIMIT)
                .until(() -> {
                    if (!pattern.matcher(text()).find()) {
                        return true;
                    }
                    press(key);
                    return false;
                });
    }

    /** Types a line, and Enter when the line is to be seen. */
    public void submit(String line) {
        type(line);
        await().pollInterval(POLL).atMost(LIMIT).until(() -> squeezed(text()).contains(squeezed(line)));
        await().pollDelay(BETWEEN_TEXT_AND_ENTER).until(() -> true);
        press("Enter");
    }

    /** Runs a tmux command on this pane. */
    public void command(String name, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = name;
        all[1] = "-t";
        all[2] = id;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        tmux.run(all);
    }

    /** What it shows, as text. */
    public String text() {
        return tmux.run("capture-pane", "-p", "-t", id);
    }

    /** What it shows, with its styles. */
    public String styled() {
        return tmux.run("capture-pane", "-p", "-e", "-t", id);
    }

    /** Waits until it shows something. */
    public void awaitText(String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().pollInterval(POLL)
                .atMost(LIMIT)
                .conditionEvaluationListener(null)
                .untilAsserted(() -> {
                    String text = text();
                    if (!pattern.matcher(text).find()) {
                        throw new AssertionError("waited for /" + regex + "/ and saw:\n" + text);
                    }
                });
    }

    /** Waits until it no longer shows something. */
    public void awaitNoText(String regex) {
        Pattern pattern = Pattern.compile(regex);
        await().pollInterval(POLL)
                .atMost(LIMIT)
                .until(() -> !pattern.matcher(text()).find());
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s\u00a0]+", "");
    }
}
