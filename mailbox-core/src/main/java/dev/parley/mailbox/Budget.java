package dev.parley.mailbox;

/**
 * How much one claim may take. What does not fit is not taken: it stays waiting, in order, and nothing of its sender
 * overtakes it; the mail of others does not wait for it.
 *
 * @param messages how many messages at the most
 * @param bodyBytes how many bytes of bodies (UTF-8) at the most; the first message is taken whatever its size
 */
public record Budget(int messages, int bodyBytes) {

    /** 50 messages, 64 KiB: what one read by a tool takes. */
    public static final Budget READ = new Budget(50, 64 * 1024);

    /** Both at least 1. */
    public Budget {
        if (messages < 1 || bodyBytes < 1) {
            throw new IllegalArgumentException("a budget of nothing: " + messages + ", " + bodyBytes);
        }
    }
}
