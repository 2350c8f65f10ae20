package dev.parley.client;

/** When a client's hooks, or what stands for them, hand mail to its model. */
public enum Moment {
    /** With a prompt. */
    PROMPT,
    /** In the middle of a turn. */
    MID_TURN,
    /** At the end of a turn, which goes on with it or is followed by another. */
    TURN_END
}
