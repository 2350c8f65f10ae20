package dev.parley.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every environment variable that Parley reads, with its default and bounds. The README's table is made from this enum.
 *
 * <p>A value that cannot be understood is never silently replaced: {@link #problem} says so, and the default is used. A
 * number out of bounds is clamped to the nearer bound.
 */
public enum Setting {
    /** Where the store is. */
    HOME("PARLEY_HOME", "~/.parley", "directory of the store: an absolute path, or one below `~/`"),
    /** What an acknowledged message survives. */
    DURABILITY(
            "PARLEY_DURABILITY",
            "power-cut",
            "what an acknowledged message survives: `power-cut`, or only the death of processes: `process`",
            "power-cut",
            "process"),
    /** Retention of the received-ledger. */
    RECEIVED_MAX(
            "PARLEY_RECEIVED_MAX",
            1000,
            10,
            1_000_000,
            "messages",
            "how many received messages can be looked up by id"),
    /** How long {@code ask_peer} waits unless told. */
    ASK_TIMEOUT("PARLEY_ASK_TIMEOUT_MS", 50_000, 1, 600_000, "ms", "how long `ask_peer` waits unless it is told"),
    /** The longest wait of {@code ask_peer}. */
    ASK_MAX_TIMEOUT(
            "PARLEY_ASK_MAX_TIMEOUT_MS",
            0,
            0,
            600_000,
            "ms",
            "the longest wait of `ask_peer`; 0 = 240000 under Codex and 540000 under Gemini CLI, which cut a call short, else"
                    + " 600000"),
    /** Where trace events go. */
    TRACE(
            "PARLEY_TRACE",
            "",
            "file to which trace events are appended, one JSON object a line; it is made for you alone to read; empty = none"),
    /** Whether anybody is woken at all. */
    WAKE("PARLEY_WAKE", "on", "`off` = nobody is ever woken; messages are stored all the same", "on", "off"),
    /** Which rungs may be climbed. */
    WAKE_STRATEGY(
            "PARLEY_WAKE_STRATEGY",
            "auto",
            "which ways of waking may be used: all, those of the clients, typing into tmux, or none",
            "auto",
            "native",
            "tmux",
            "off"),
    /** Whether a request may have a session resumed that is gone. */
    RESUME(
            "PARLEY_RESUME",
            "",
            "whether a request has a session resumed that has ended, for one turn without a terminal; empty = as `parley setup"
                    + " --resume` has it, which is off unless it was run",
            "on",
            "off"),
    /** What one such turn may spend. */
    RESUME_SPENDING(
            "PARLEY_RESUME_USD",
            5,
            1,
            1000,
            "USD",
            "what Claude Code may spend in one such turn, by its own `--max-budget-usd`; Codex has no such limit"),
    /** How long after a failure a session is not tried again. */
    RESUME_BACK_OFF(
            "PARLEY_RESUME_BACK_OFF_MS",
            5000,
            1000,
            600_000,
            "ms",
            "how long after a first such start that came to nothing the second is made; the third comes after four times as long"),
    /** Whether sessions are reminded of open work. */
    REMINDERS(
            "PARLEY_REMINDERS",
            "on",
            "`off` = nobody is reminded of open work, nor told that it lies idle; hooks read it too, from the client's environment",
            "on",
            "off"),
    /** How long a supervised client may take to end when it is interrupted. */
    STOP_INTERRUPT(
            "PARLEY_STOP_INT_MS",
            3000,
            100,
            10_000,
            "ms",
            "how long a client that `parley run` has to end may take after SIGINT; then it gets SIGTERM"),
    /** How long it may take to end when it is told to. */
    STOP_TERMINATE(
            "PARLEY_STOP_TERM_MS",
            3000,
            100,
            10_000,
            "ms",
            "how long that client may take after SIGTERM; then it gets SIGKILL"),
    /** The user's own way of being told. */
    NOTIFY(
            "PARLEY_NOTIFY",
            "",
            "program that `parley watch --notify` also starts, or a JSON array of a program and its arguments; the texts are in"
                    + " `NOTICE_KIND`, `_TITLE`, `_TEXT`, `_SESSION` and `_NAME`"),
    /** Turns on the debug tools. */
    DEBUG_TOOLS(
            "PARLEY_DEBUG_TOOLS",
            "0",
            "`1` = offer the debug tool `register_my_session`, which takes any id, also of others",
            "0",
            "1"),
    /** Whether the team's hub is used. */
    HUB(
            "PARLEY_HUB",
            "on",
            "`off` = what this starts does not use the hub of a team, even if `parley hub join` was run",
            "on",
            "off"),
    /** Which Java the launcher takes. */
    JAVA(
            "PARLEY_JAVA",
            "",
            "the `java` that the launcher runs; empty = one of 25 or newer (that of `JAVA_HOME`, the newest on `PATH`,"
                    + " the newest where systems keep them), else that of `JAVA_HOME` if it is 17 or newer, else the newest"),
    /** Where else the launcher looks for one. */
    JAVA_HOMES(
            "PARLEY_JAVA_HOMES",
            "",
            "directories in which homes of Java lie, separated by `:`; unset = those where Linux, macOS, SDKMAN and Homebrew"
                    + " keep them, empty = none"),
    /** Further options of the virtual machine. */
    JVM_OPTIONS("PARLEY_JVM_OPTS", "", "further options for that `java`, separated by spaces");

    private final String variable;
    private final String fallback;
    private final String meaning;
    /** The words it takes, separated by a comma and a space; empty for free text. */
    private final String choices;

    private final String unit;
    private final long least;
    private final long most;

    Setting(String variable, String fallback, String meaning, String... choices) {
        this.variable = variable;
        this.fallback = fallback;
        this.meaning = meaning;
        this.choices = String.join(", ", choices);
        this.unit = "";
        this.least = 0;
        this.most = -1;
    }

    Setting(String variable, long fallback, long least, long most, String unit, String meaning) {
        this.variable = variable;
        this.fallback = Long.toString(fallback);
        this.meaning = meaning;
        this.choices = "";
        this.unit = unit;
        this.least = least;
        this.most = most;
    }

    /** The environment variable. */
    public String variable() {
        return variable;
    }

    /** The default, as it would be written. */
    public String fallback() {
        return fallback;
    }

    /** What it means, for the README's table. */
    public String meaning() {
        return meaning;
    }

    /** The bounds and the unit of a number, or the choices; empty for free text. */
    public String bounds() {
        return isNumber() ? least + "…" + most + " " + unit : choices;
    }

    private boolean isNumber() {
        return most >= least;
    }

    /** The text that is set, or the default. */
    public String text(Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "").strip();
        return value.isEmpty() || problem(environment).isPresent() ? fallback : value;
    }

    /** The number that is set, clamped to its bounds, or the default. */
    public long number(Map<String, String> environment) {
        if (!isNumber()) {
            throw new IllegalStateException(variable + " is not a number");
        }
        return Math.max(least, Math.min(most, Long.parseLong(text(environment))));
    }

    /** What is wrong with the value that is set; empty if nothing is. */
    public Optional<String> problem(Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        boolean good = isNumber()
                ? value.matches("-?\\d{1,18}")
                : choices.isEmpty() || List.of(choices.split(", ")).contains(value);
        return good
                ? Optional.empty()
                : Optional.of(
                        variable + "=" + value + " is not understood; " + fallback + " is used. It takes " + bounds());
    }
}
