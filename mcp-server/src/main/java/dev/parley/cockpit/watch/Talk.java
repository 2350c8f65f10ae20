package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.overview.Message;
import dev.parley.overview.Threads;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.Unreadable;
import java.util.List;

/**
 * The conversation of one session.
 *
 * @param search what its messages were searched for; empty for all
 * @param messages each answer under its question
 * @param isCut whether there are more than these, the newest
 * @param unreadable what of it cannot be shown
 */
record Talk(SessionId with, String search, List<Placed> messages, boolean isCut, List<Unreadable> unreadable) {

    Talk {
        messages = List.copyOf(messages);
        unreadable = List.copyOf(unreadable);
    }

    /** Of messages in the order of time. */
    static Talk of(SessionId with, String search, List<Message> messages, boolean isCut, List<Unreadable> unreadable) {
        return new Talk(with, search, Threads.arranged(messages), isCut, unreadable);
    }
}
