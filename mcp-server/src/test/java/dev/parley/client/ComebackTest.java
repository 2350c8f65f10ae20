package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a session that has ended can come back, as far as this machine can know. */
final class ComebackTest {

    /** An address that was made before the client said which session it is. */
    private static final SessionId MADE_UP = new SessionId(Peer.MADE_UP + "0123456789abcdef");

    @Test
    void whoNeverSaidWhichSessionItIsHasEndedForGood() {
        Peer here = new Peer(
                MADE_UP,
                "tidy-fox",
                Peer.CODEX,
                Optional.empty(),
                Optional.empty(),
                "/work",
                "/work/.git",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
        assertEquals(Comeback.Way.NONE, Comeback.of(here).way());
    }

    /** It may have said so there: its card does not tell, and mail that was refused would be lost for it. */
    @Test
    void ofOneOnAnotherMachineThatIsNotSaid() {
        Peer there = Peer.elsewhere(
                new HostName("build-server"),
                MADE_UP,
                "tidy-fox",
                Peer.CODEX,
                Optional.empty(),
                Optional.empty(),
                "/work/.git",
                Instant.EPOCH);
        assertEquals(Comeback.Way.RESUMED, Comeback.of(there).way());
        assertEquals(
                "tidy-fox@build-server has ended. Its mail is kept there until it comes back, or another session takes its place",
                Comeback.of(there).text());
    }
}
