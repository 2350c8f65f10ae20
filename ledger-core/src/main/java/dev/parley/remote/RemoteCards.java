package dev.parley.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.peer.Groups;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a machine knows of the others of its team: which are there, and which sessions they have. The postman writes it, everybody
 * reads it. All of it may be lost, since the hub has it. Safe for use by several threads and processes.
 */
public interface RemoteCards {

    /** Silent for so long, a machine is away. */
    Duration SILENCE = Duration.ofSeconds(15);

    /** For so long a wait counts after its machine has said that it lasts. */
    Duration WAIT_IS_OLD = Duration.ofSeconds(10);

    /**
     * For whom a session waits.
     *
     * @param host the machine of who was asked
     * @param session who was asked
     * @param since when the question was sent
     * @param question which it is
     */
    record Waiting(HostName host, SessionId session, Instant since, MessageId question) {}

    /**
     * The card of a session on another machine: what its model says of it, and nothing of its files and processes.
     *
     * @param host the machine
     * @param project what stands for the project on the hub
     * @param session its id there
     * @param name its name there
     * @param client what its client calls itself
     * @param purpose what it says it is doing
     * @param purposeSince when it said so
     * @param groups the groups that it says it belongs to
     * @param activity what it does; {@link Activity#ENDED} if it has ended
     * @param since since when it does so
     * @param registeredAt when it was first seen there
     * @param waits for whom it waits at this moment, at the most {@link #MOST_WAITS}
     * @param asOf when its machine said so, by this one's clock; empty for one that waits for nobody
     */
    record Card(
            HostName host,
            String project,
            SessionId session,
            String name,
            String client,
            Optional<String> purpose,
            Optional<Instant> purposeSince,
            List<String> groups,
            Activity activity,
            Optional<Instant> since,
            Instant registeredAt,
            List<Waiting> waits,
            Optional<Instant> asOf) {

        /** More are left out: few sessions ask more than one at once. */
        public static final int MOST_WAITS = 16;

        private static final Pattern PROJECT = Pattern.compile("[0-9a-f]{20}");
        private static final Pattern CLIENT = Pattern.compile("[!-~]{1,60}");

        /**
         * Checks it.
         *
         * @throws IllegalArgumentException if a part is none
         */
        public Card {
            require(PROJECT.matcher(project).matches(), "a project is 20 hexadecimal digits");
            require(Names.isValid(name), "that is no name of a session");
            require(CLIENT.matcher(client).matches(), "a client is called by 1 to 60 visible characters");
            require(
                    purpose.filter(it -> it.codePointCount(0, it.length()) > Peer.MAX_PURPOSE)
                            .isEmpty(),
                    "a purpose has at the most " + Peer.MAX_PURPOSE + " characters");
            require(
                    groups.size() <= Groups.MOST_OF_ONE && groups.stream().allMatch(Names::isValid),
                    "a session belongs to at the most " + Groups.MOST_OF_ONE + " groups, each called like a session");
            groups = List.copyOf(groups);
            waits = List.copyOf(waits);
            require(waits.size() <= MOST_WAITS, "it waits for too many at once");
        }

        /** The card of one that waits for nobody. */
        public Card(
                HostName host,
                String project,
                SessionId session,
                String name,
                String client,
                Optional<String> purpose,
                Optional<Instant> purposeSince,
                List<String> groups,
                Activity activity,
                Optional<Instant> since,
                Instant registeredAt) {
            this(
                    host,
                    project,
                    session,
                    name,
                    client,
                    purpose,
                    purposeSince,
                    groups,
                    activity,
                    since,
                    registeredAt,
                    List.of(),
                    Optional.empty());
        }

        /** The same, which waits for these. */
        public Card waiting(List<Waiting> forWhom, Optional<Instant> said) {
            return new Card(
                    host,
                    project,
                    session,
                    name,
                    client,
                    purpose,
                    purposeSince,
                    groups,
                    activity,
                    since,
                    registeredAt,
                    forWhom,
                    said);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    /**
     * Another machine of the team.
     *
     * @param host its name
     * @param heard when it was heard of last, by this machine's clock
     * @param isAway whether it has been silent for too long, by the hub's clock
     */
    record Host(HostName host, Instant heard, boolean isAway) {}

    /**
     * The connection to the hub.
     *
     * @param isUp whether there is one
     * @param since since when
     * @param trouble what is wrong and what to do; empty if nothing is
     */
    record Link(boolean isUp, Instant since, Optional<String> trouble) {}

    /** Keeps the cards of one project of one machine: these, and no others. */
    void keep(HostName host, String project, List<Card> cards) throws IOException;

    /** The cards of a project on all machines. */
    List<Card> of(String project) throws IOException;

    /** Of which projects of which machines there are cards. */
    List<Shelf> shelves() throws IOException;

    /** A project of a machine. */
    record Shelf(HostName host, String project) {}

    /** Keeps what is known of the other machines: of these, and no others. */
    void keepHosts(List<Host> hosts) throws IOException;

    /** The other machines of the team. */
    List<Host> hosts() throws IOException;

    /** Keeps how the connection is. Asked for again and again by whoever holds it: after a silence it counts as gone. */
    void keepLink(Link link) throws IOException;

    /**
     * Keeps what tells this store from a copy of it: words that were written to the hub in this machine's name. Survives the
     * death of the process.
     */
    void keepBeats(List<String> beats) throws IOException;

    /** Those words. */
    List<String> beats() throws IOException;

    /** How the connection is; down, if nobody holds it. */
    Link link() throws IOException;
}
