package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Claude Code does where its hooks have said nothing since, in the files as 2.1.332 was seen to write them. */
final class ClaudeStatusTest {

    private static final SessionId ID = new SessionId("78552d65-0ebe-4865-9521-a298ebf4cfee");
    private static final Instant TOLD = Instant.ofEpochMilli(1_795_848_015_000L);
    private static final long PID = ProcessHandle.current().pid();

    private Path own;
    private Path transcript;
    private ClaudeStatus status;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        own = Files.createDirectories(home.resolve("sessions")).resolve(PID + ".json");
        transcript = Files.createDirectories(home.resolve("projects/p")).resolve(ID + ".jsonl");
        Files.writeString(transcript, "{}\n");
        written(TOLD.minusMillis(100));
        Peer peer = new Peer(
                ID,
                "a-name",
                Peer.CLAUDE_CODE,
                Optional.empty(),
                Optional.empty(),
                "/",
                "/",
                Optional.of(LocalProcessTable.INSTANCE.self()),
                List.of(),
                Optional.of(transcript.toString()),
                false,
                Instant.EPOCH,
                Optional.empty());
        status = new ClaudeStatus(
                Store.open(home.resolve("store"), Durability.PROCESS, Trace.NONE)
                        .disk(),
                peer);
    }

    private void written(Instant at) throws Exception {
        Files.setLastModifiedTime(transcript, FileTime.from(at));
    }

    private void says(String session, String word, Instant since) throws Exception {
        Files.writeString(own, """
                {"pid":%d,"sessionId":"%s","cwd":"/x","startedAt":1795848009185,"procStart":"73432","version":"2.1.332",\
                "kind":"interactive","name":"work-eb","nameSince":1795848009185,"status":"%s","updatedAt":%d,\
                "statusUpdatedAt":%d,"waitingFor":"permission prompt"}""".formatted(PID, session, word, since.toEpochMilli(), since.toEpochMilli()));
    }

    private Activity after(Activity told) {
        return status.after(new Presence(Life.LIVE, told, Optional.of(TOLD)), TOLD)
                .activity();
    }

    @Test
    void aTurnThatItsUserStoppedIsOver() throws Exception {
        says(ID.value(), "idle", TOLD.plusSeconds(3));
        assertEquals(Activity.IDLE, after(Activity.BUSY));
    }

    @Test
    void aQuestionThatWasAnsweredIsNoMoreAsked() throws Exception {
        says(ID.value(), "waiting", TOLD.plusMillis(100));
        assertEquals(Activity.ASKING, after(Activity.ASKING));
        assertEquals(Activity.ASKING, after(Activity.BUSY));
        says(ID.value(), "busy", TOLD.plusSeconds(60));
        assertEquals(Activity.BUSY, after(Activity.ASKING));
    }

    @Test
    void whatItSaidBeforeItsHookRanIsOld() throws Exception {
        says(ID.value(), "idle", TOLD.minusMillis(1));
        assertEquals(Activity.BUSY, after(Activity.BUSY));
        assertEquals(Activity.ASKING, after(Activity.ASKING));
    }

    @Test
    void anotherSessionsStatusAndWordsThatAreNotKnownCountForNothing() throws Exception {
        says("11111111-0ebe-4865-9521-a298ebf4cfee", "idle", TOLD.plusSeconds(3));
        assertEquals(Activity.BUSY, after(Activity.BUSY));
        says(ID.value(), "dreaming", TOLD.plusSeconds(3));
        assertEquals(Activity.BUSY, after(Activity.BUSY));
        Files.writeString(own, "{\"status\":\"idle\"");
        assertEquals(Activity.BUSY, after(Activity.BUSY));
    }

    /** A version that writes no such file. */
    @Test
    void thenAQuestionIsAnsweredWhenTheTranscriptGrows() throws Exception {
        written(TOLD.plusSeconds(1));
        assertEquals(Activity.ASKING, after(Activity.ASKING), "what it said before it asked");
        written(TOLD.plusSeconds(30));
        assertEquals(Activity.BUSY, after(Activity.ASKING));
        assertEquals(Activity.BUSY, after(Activity.BUSY));
    }
}
