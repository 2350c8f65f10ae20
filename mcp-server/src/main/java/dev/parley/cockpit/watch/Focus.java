package dev.parley.cockpit.watch;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.overview.Message;
import dev.parley.overview.Standing;
import dev.parley.overview.TextSearch;
import dev.parley.overview.Threads.Placed;
import dev.parley.peer.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What was seen last, and what of it is selected. Knows no keys. Belongs to one thread.
 *
 * <p>A selection is kept by id, not by place: the lists move under it. As long as nobody has moved it, the first session and the
 * newest message are selected, whichever they are.
 */
final class Focus {

    private Optional<Situation> situation = Optional.empty();
    private Optional<Talk> talk = Optional.empty();
    private List<WaitTree.Node> nodes = List.of();
    private Optional<SessionId> chosen = Optional.empty();
    private Optional<MessageId> chosenMessage = Optional.empty();
    private int node;
    private String filter = "";
    private String search = "";
    /** As it was made last: one drawing asks for it many times. */
    private Optional<Listed> listed = Optional.empty();

    /**
     * The sessions by need, at one moment.
     *
     * @param passing those that pass the filter
     */
    private record Listed(Instant at, List<Standing> all, List<Standing> passing) {}

    void sees(Situation next) {
        situation = Optional.of(next);
        nodes = WaitTree.of(next.work().waits());
        listed = Optional.empty();
    }

    /** A conversation that was read; one that is not wanted any more is left out. */
    void sees(Talk next, Instant now) {
        if (session(now).filter(next.with()::equals).isPresent()
                && next.search().equals(search)) {
            talk = Optional.of(next);
        }
    }

    /** What was seen last; empty until something has been seen. */
    Optional<Situation> situation() {
        return situation;
    }

    String filter() {
        return filter;
    }

    void filter(String text) {
        filter = text;
        listed = Optional.empty();
    }

    String search() {
        return search;
    }

    /** Searches the messages; empty for all of them. */
    void search(String text) {
        search = text;
    }

    /** Every session. */
    List<Standing> all(Instant now) {
        return listed(now).all();
    }

    /** The sessions that pass the filter. */
    List<Standing> sessions(Instant now) {
        return listed(now).passing();
    }

    private Listed listed(Instant now) {
        if (listed.isEmpty() || !listed.get().at().equals(now)) {
            Predicate<Peer> passes = passes(filter);
            List<Standing> all = situation.map(seen -> seen.standings(now)).orElse(List.of());
            listed = Optional.of(new Listed(
                    now,
                    all,
                    all.stream()
                            .filter(standing -> passes.test(standing.session().peer()))
                            .toList()));
        }
        return listed.get();
    }

    /** What is no regular expression is no filter yet: somebody is still typing it. */
    private static Predicate<Peer> passes(String filter) {
        if (filter.isEmpty()) {
            return peer -> true;
        }
        try {
            TextSearch text = TextSearch.of(filter);
            return peer -> text.isIn(peer.name() + "\n" + peer.client() + "\n" + peer.id() + "\n"
                    + peer.purpose().orElse(""));
        } catch (IllegalArgumentException e) {
            return peer -> true;
        }
    }

    /** The session that is selected; empty if there is none. */
    Optional<SessionId> session(Instant now) {
        List<Standing> sessions = sessions(now);
        return chosen.filter(id -> sessions.stream()
                        .anyMatch(standing -> standing.session().id().equals(id)))
                .or(() -> sessions.stream()
                        .findFirst()
                        .map(first -> first.session().id()));
    }

    /** The conversation of the session that is selected, if it has been read. */
    Optional<Talk> talk(Instant now) {
        return talk.filter(read -> session(now).filter(read.with()::equals).isPresent());
    }

    private List<Message> messages(Instant now) {
        return talk(now).stream()
                .flatMap(read -> read.messages().stream())
                .map(Placed::message)
                .toList();
    }

    /** The message that is selected; empty if there is none. */
    Optional<Message> message(Instant now) {
        List<Message> messages = messages(now);
        return chosenMessage
                .flatMap(id -> messages.stream()
                        .filter(message -> message.id().equals(id))
                        .findFirst())
                .or(() -> messages.isEmpty() ? Optional.empty() : Optional.of(messages.get(messages.size() - 1)));
    }

    /** The message that somebody has selected, if it is among those that are shown; else the newest is. */
    Optional<MessageId> chosenMessage(Instant now) {
        return chosenMessage.filter(
                id -> messages(now).stream().anyMatch(message -> message.id().equals(id)));
    }

    /** The tree of waits. */
    List<WaitTree.Node> nodes() {
        return nodes;
    }

    /** Which node of it is selected. */
    int node() {
        return Math.max(0, Math.min(node, nodes.size() - 1));
    }

    /**
     * Selects a session, whatever becomes more urgent.
     *
     * @return whether it is another than somebody had selected before
     */
    boolean select(SessionId session) {
        boolean isOther = chosen.filter(session::equals).isEmpty();
        if (isOther) {
            chosen = Optional.of(session);
            chosenMessage = Optional.empty();
        }
        return isOther;
    }

    /** Selects a message; empty for the newest, also when there is a newer one. */
    void selectMessage(Optional<MessageId> message) {
        chosenMessage = message;
    }

    /** The session so many places further down. */
    Optional<SessionId> sessionBy(int by, Instant now) {
        List<SessionId> ids =
                sessions(now).stream().map(standing -> standing.session().id()).toList();
        return session(now).map(id -> ids.get(moved(ids.indexOf(id), by, ids.size())));
    }

    /** Selects the message so many places further down. */
    void moveMessage(int by, Instant now) {
        List<Message> messages = messages(now);
        message(now).ifPresent(from -> {
            int next = moved(messages.indexOf(from), by, messages.size());
            selectMessage(
                    next == messages.size() - 1
                            ? Optional.empty()
                            : Optional.of(messages.get(next).id()));
        });
    }

    /** Selects the node so many places further down. */
    void moveNode(int by) {
        node = moved(node, by, nodes.size());
    }

    private static int moved(int from, int by, int size) {
        return Math.max(0, Math.min(from + by, size - 1));
    }
}
