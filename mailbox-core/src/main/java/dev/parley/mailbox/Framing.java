package dev.parley.mailbox;

import java.util.regex.Pattern;

/**
 * What looks like a tag that a client puts around what it tells its model itself. A message that closes
 * the client's wrapper must not speak for the client, so such a tag loses its bracket: {@code <} becomes {@code ‹}.
 *
 * <p>The hook has the same list, since whoever sends writes the rendered line.
 */
final class Framing {

    /**
     * Seen in the programs of Claude Code 2.1.332, Codex 0.171.0, Gemini CLI 0.61.0 and OpenCode 1.18.33, and what their models
     * were trained on.
     */
    private static final String NAMES =
            "system|user|assistant|human|developer|tool|function|channel|skills?|thinking|invoke"
                    + "|instructions|permissions instructions"
                    + "|(system|task|command|local-command|bash|cross-session|agent|teammate|coordinator|mcp|webhook|new|persisted"
                    + "|truncated|interrupted|partial|previous|non-user|cc|sandbox|ide|user|tool|function|hook|turn|environments?"
                    + "|collaboration|subagent|codex|context|model|multi|realtime|current|permission|apps|plugins|skills|developer"
                    + "|managed|recommended|rollout|available|activated|background|state|prior|conversation|skill|shell)[-_][a-z_-]+"
                    + "|[a-z_-]+[-_](context|instructions|memory)";

    private static final Pattern TAG =
            Pattern.compile("<(?=[\\s/]*(" + NAMES + ")([^a-z0-9]|$))", Pattern.CASE_INSENSITIVE);

    private Framing() {}

    /** The text with the brackets of such tags replaced. */
    static String removed(String text) {
        // Nearly no text has one.
        return text.indexOf('<') < 0 ? text : TAG.matcher(text).replaceAll("‹");
    }
}
