package dev.parley.ledger;

/** How far a message has come. Each state says what is known, never more. */
public enum MessageState {
    /** It is in the receiver's mailbox. */
    STORED,
    /** So, and a rung accepted to wake the receiver. */
    RUNG,
    /** Its text was given to the receiver's client. */
    HANDED,
    /** The receiver's client went on after that. */
    SHOWN,
    /** The receiver has answered it. */
    ANSWERED,
    /** Its sender took it back before anybody was given it. */
    WITHDRAWN,
    /** It was not handed over, and never will be: the receiver has ended and cannot come back. */
    GONE,
    /** There is no such message, or it is no longer recorded, or it is none of the caller's. */
    UNKNOWN
}
