package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A disk that is full or read-only, and too many open files, while servers run: the one call that needs it fails and says
 * why, nothing that was acknowledged is lost, and a later call works once the cause is gone.
 */
@Tag("slow")
class BadWorldCrashIT {

    @TempDir
    Path root;

    private Peers peers;
    private Agent alice;
    private Agent bob;
    private final Referee referee = new Referee();
    private int number;

    @BeforeEach
    void makePeers() throws Exception {
        peers = new Peers(root);
    }

    private void start() throws Exception {
        List<Agent> agents = peers.joinAll("alice", "bob");
        alice = agents.get(0);
        bob = agents.get(1);
        send().ok();
        read();
    }

    @AfterEach
    void nothingIsLost() throws Exception {
        peers.close();
    }

    /** Sends the next message; what became of it is the referee's. */
    private Result send() throws Exception {
        String body = "alice/" + ++number;
        referee.hear("try " + body);
        Result sent = alice.call("send_message", "target", "bob", "body", body);
        if (sent.at("/ok").booleanValue()) {
            referee.hear("ack " + body);
        }
        return sent;
    }

    private void read() throws Exception {
        for (JsonNode message : bob.call("read_my_messages").ok().at("/messages")) {
            boolean again = message.path("redelivered").asBoolean(false);
            referee.hear((again ? "again " : "first ") + message.path("body").asString());
        }
    }

    private void assertRecovered() throws Exception {
        send().ok();
        read();
        referee.judge();
        Lab.open(peers.home()).assertSound();
    }

    private static void assertSaid(Result failed, String cause) {
        failed.failed("store-unavailable");
        assertTrue(failed.text("/message").contains(cause), failed::toString);
    }

    @Test
    void aFullDiskFailsTheSenderAndNobodyElse() throws Exception {
        Needs.that(Tmpfs.isPossible(), "the right to mount a file system: run the test as root");
        Files.createDirectories(peers.home());
        try (Tmpfs disk = Tmpfs.over(peers.home(), 4)) {
            // Mounted by root with the directory's own mode; the store insists on its owner's alone.
            Files.setPosixFilePermissions(peers.home(), PosixFilePermissions.fromString("rwx------"));
            start();
            send().ok();
            disk.fill();
            assertSaid(send(), "No space left");
            assertSaid(send(), "No space left");
            Result read = bob.call("read_my_messages");
            disk.empty();
            hearIfOk(read);
            read();
            assertRecovered();
            System.out.println("crash: full disk: " + referee.summary() + "; a read meanwhile: "
                    + read.at("/ok").booleanValue());
            peers.close();
        }
    }

    /** Nothing may be left of it that keeps the store from being used once there is room. */
    @Test
    void aFullDiskAtTheFirstHookLeavesNothingBehind() throws Exception {
        Needs.that(Tmpfs.isPossible(), "the right to mount a file system: run the test as root");
        Files.createDirectories(peers.home());
        try (Tmpfs disk = Tmpfs.over(peers.home(), 4)) {
            Files.setPosixFilePermissions(peers.home(), PosixFilePermissions.fromString("rwx------"));
            Path store = peers.home().resolve("store");
            disk.fill();
            String hook = Distribution.directory().resolve("hooks/parley-hook").toString();
            Map<String, String> environment = Shell.environment(store);
            environment.put("CLAUDE_CODE_SESSION_ATTENDED", "0");
            String start = "{\"session_id\":\"first\",\"cwd\":\"" + peers.project()
                    + "\",\"hook_event_name\":\"SessionStart\",\"source\":\"startup\"}";
            Shell full = Shell.run(List.of(hook, "claude-code"), environment, peers.project(), start)
                    .exited(0);
            assertEquals("", full.out() + full.err());
            Path format = store.resolve("format");
            assertTrue(Files.notExists(format), () -> "what could not be written was put in its place: " + format);
            // As hooks of before left it.
            Files.createFile(format);
            disk.empty();

            Shell.run(List.of(hook, "claude-code"), environment, peers.project(), start)
                    .exited(0);
            String prompt = "{\"session_id\":\"first\",\"cwd\":\"" + peers.project()
                    + "\",\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"hello\"}";
            Shell greeted = Shell.run(List.of(hook, "claude-code"), environment, peers.project(), prompt)
                    .exited(0);
            assertTrue(greeted.out().contains("Parley: "), greeted::out);
            assertEquals("parley 1\n", Files.readString(format));
            Shell.parley(environment, peers.project(), "", "check").exited(0);
        }
    }

    @Test
    void aReadOnlyDiskFailsEveryWriterAndIsForgottenAfterwards() throws Exception {
        Needs.that(Tmpfs.isPossible(), "the right to mount a file system: run the test as root");
        Files.createDirectories(peers.home());
        try (Tmpfs disk = Tmpfs.over(peers.home(), 4)) {
            Files.setPosixFilePermissions(peers.home(), PosixFilePermissions.fromString("rwx------"));
            start();
            send().ok();
            disk.remount("ro");
            assertSaid(send(), "Read-only file system");
            assertSaid(bob.call("read_my_messages"), "Read-only file system");
            alice.call("list_project_sessions").ok();
            disk.remount("rw");
            assertRecovered();
            peers.close();
        }
    }

    /** The limit is lowered below what the server has open already, so that nothing more can be opened. */
    @Test
    void tooManyOpenFilesFailTheCallerAndAreForgottenAfterwards() throws Exception {
        start();
        limitFiles(alice.server().pid(), "10:4096");
        assertSaid(send(), "Too many open files");
        assertSaid(send(), "Too many open files");
        bob.call("list_project_sessions").ok();
        limitFiles(alice.server().pid(), "4096:4096");
        assertRecovered();
    }

    /** The parent cannot be told then, which says nothing of the client: the server looks several times meanwhile. */
    @Test
    void aServerThatCanOpenNothingStaysWithItsClient() throws Exception {
        start();
        limitFiles(alice.server().pid(), "10:4096");
        Thread.sleep(5_000);
        assertSaid(send(), "Too many open files");
        limitFiles(alice.server().pid(), "4096:4096");
        assertRecovered();
    }

    private static void limitFiles(long pid, String limits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + limits)
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }

    /** For who cannot mount: no file may become longer than this, so no message can be written. */
    @Test
    void aLimitOnTheSizeOfFilesFailsTheSender() throws Exception {
        start();
        Process limit = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(alice.server().pid()), "--fsize=16:unlimited")
                .inheritIO()
                .start();
        assertEquals(0, limit.waitFor());
        assertSaid(send(), "File too large");
        bob.call("send_message", "target", "alice", "body", "I can").ok();
        Process free = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(alice.server().pid()), "--fsize=unlimited:unlimited")
                .inheritIO()
                .start();
        assertEquals(0, free.waitFor());
        assertRecovered();
    }

    private void hearIfOk(Result read) {
        if (read.at("/ok").booleanValue()) {
            for (JsonNode message : read.at("/messages")) {
                referee.hear("first " + message.path("body").asString());
            }
        }
    }
}
