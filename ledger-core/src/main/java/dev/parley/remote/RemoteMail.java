package dev.parley.remote;

/** What a post office has for mail to and from other machines. Safe for use by several threads and processes. */
public interface RemoteMail {

    /** What waits to leave. */
    Outbox outbox();

    /** What comes. */
    Intake intake();

    /** What has been sent, and what is known of it. */
    SentMail sent();

    /** Of which messages the senders are told how far they are. */
    Followed followed();

    /** What came and was no mail. */
    RefusedMail refused();

    /** Who is there on other machines. */
    RemoteCards cards();
}
