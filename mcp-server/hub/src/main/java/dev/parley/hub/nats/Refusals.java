package dev.parley.hub.nats;

import dev.parley.mailbox.PlainText;
import java.util.Locale;

/** What a hub says when it lets somebody not in, and what to do. */
final class Refusals {

    private Refusals() {}

    /** Whether what a hub said is about who may come in. */
    static boolean isOne(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        return lower.contains("auth") || lower.contains("expired") || lower.contains("revoked");
    }

    /** A sentence for a person. */
    static String message(String place, String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        String remedy = lower.contains("expired")
                ? "the credentials have expired: get new ones from whoever runs the hub"
                : lower.contains("revoked")
                        ? "the credentials were revoked: get new ones from whoever runs the hub"
                        : "check the user and the password, or the credentials";
        return "the hub " + place + " refuses the login (" + PlainText.line(said) + "); " + remedy;
    }
}
