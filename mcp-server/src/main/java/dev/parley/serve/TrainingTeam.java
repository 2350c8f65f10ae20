package dev.parley.serve;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.office.Annex;
import dev.parley.office.PostOffice;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.SharedProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A team for a {@link TrainingRun}, where what reaches other machines is on the class path: with a session on another machine to write
 * to, and a login whose secret is nowhere, so that nobody is connected to.
 */
final class TrainingTeam {

    /** Who is elsewhere. */
    static final SessionId AFAR = new SessionId("training-afar");

    private static final HostName ELSEWHERE = new HostName("elsewhere");
    private static final SharedProject PROJECT = new SharedProject("example.org/training");

    private TrainingTeam() {}

    /**
     * Joins it, if there is anything to join it with.
     *
     * @param home the store, of which no server runs yet
     * @param project the key of the project that it is to see
     * @return whether it did
     */
    static boolean join(Path home, PostOffice office, String project) throws IOException {
        if (office.remoteMail().isEmpty()
                || ServiceLoader.load(Annex.class).findFirst().isEmpty()) {
            return false;
        }
        Instant now = office.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        RemoteCards cards = office.remoteMail().get().cards();
        cards.keepHosts(List.of(new Host(ELSEWHERE, now, false)));
        cards.keepLink(new Link(true, now, Optional.empty()));
        Card afar = new Card(
                ELSEWHERE,
                PROJECT.token(),
                AFAR,
                "training-fox",
                "training",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Activity.IDLE,
                Optional.of(now),
                now);
        cards.keep(ELSEWHERE, PROJECT.token(), List.of(afar));
        Files.writeString(
                home.resolve("hub"),
                String.join(
                        "\n",
                        "parley hub 1",
                        "url nats://127.0.0.1:4222",
                        "team training",
                        "host here",
                        "incarnation 0000000000000000",
                        "login password-env training TRAINING_PASSWORD",
                        "accept none",
                        "share " + PROJECT.identity() + " " + project,
                        ""));
        return true;
    }
}
