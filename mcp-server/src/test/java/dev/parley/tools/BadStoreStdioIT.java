package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that cannot be used: the model is told why and what would help, nothing is written there or elsewhere, and the
 * same server works as soon as it has been put right.
 */
@Tag("slow")
class BadStoreStdioIT {

    private Path root;
    private Peers peers;
    private Path home;

    @BeforeEach
    void place(@TempDir Path directory) throws IOException {
        root = directory.toRealPath();
        peers = new Peers(root);
        home = peers.home();
    }

    /** Everything below the root with its size and its permissions; nothing is followed. */
    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                return put(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return put(file, attributes);
            }

            private FileVisitResult put(Path file, BasicFileAttributes attributes) throws IOException {
                try {
                    String permissions = PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
                    all.put(root.relativize(file).toString(), attributes.size() + " " + permissions);
                } catch (NoSuchFileException e) {
                    // A claim that has been confirmed since the listing has moved on.
                    return FileVisitResult.CONTINUE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return all;
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** Something that puts a store right, or makes it wrong. */
    private interface Change {
        void make() throws IOException;
    }

    private void refusedUntil(Change putRight, String... reasons) throws Exception {
        refusedUntil(1, putRight, reasons);
    }

    private void refusedUntil(int exitCode, Change putRight, String... reasons) throws Exception {
        Map<String, String> before = everything();
        try (Agent agent = peers.agent().start()) {
            for (String tool : new String[] {"get_my_session", "read_my_messages", "list_project_sessions"}) {
                Result result = agent.call(tool).failed("store-unavailable");
                for (String reason : reasons) {
                    assertTrue(result.text("/message").contains(reason), () -> reason + " is missing in " + result);
                }
            }
            assertEquals(before, everything(), "something was written");
            Shell.parley(peers, "status").exited(exitCode).says(reasons);
            assertEquals(before, everything(), "the command wrote something");
            putRight.make();
            agent.call("get_my_session").ok();
        }
    }

    @Test
    void aStoreThatWeMayNotUse() throws Exception {
        Files.createDirectory(home);
        mode(home, "---------");
        refusedUntil(() -> mode(home, "rwx------"), home.toString(), "chmod u+rwx");
    }

    @Test
    void aStoreThatOthersMayWrite() throws Exception {
        Files.createDirectory(home);
        mode(home, "rwxrwxrwx");
        refusedUntil(() -> mode(home, "rwx------"), home.toString(), "chmod go-w");
    }

    @Test
    void aStoreOfSomebodyElse() throws Exception {
        Path foreign = ofSomebodyElse();
        Files.createSymbolicLink(home, foreign);
        refusedUntil(() -> Files.delete(home), foreign.toString(), "belongs to");
    }

    /** As root we can make one; otherwise root has one. */
    private Path ofSomebodyElse() throws IOException {
        if (!Files.getOwner(root).getName().equals("root")) {
            return Path.of("/usr");
        }
        Path foreign = Files.createDirectory(root.resolve("foreign"));
        mode(foreign, "rwx------");
        Files.setAttribute(foreign, "unix:uid", 65534);
        return foreign;
    }

    @Test
    void aStoreThatIsALinkToAPlaceOthersMayWrite() throws Exception {
        Path open = Files.createDirectory(root.resolve("open"));
        mode(open, "rwxrwxrwx");
        Files.createSymbolicLink(home, open);
        refusedUntil(() -> mode(open, "rwx------"), open.toString(), "chmod go-w");
    }

    @Test
    void aStoreThatIsALinkToNothing() throws Exception {
        Files.createSymbolicLink(home, root.resolve("nothing"));
        refusedUntil(() -> Files.createDirectory(root.resolve("nothing")), "symbolic link to nothing");
    }

    @Test
    void aStoreThatIsAFile() throws Exception {
        Files.writeString(home, "a file");
        refusedUntil(() -> Files.delete(home), "not a directory");
    }

    @Test
    void aStoreOfANewerFormat() throws Exception {
        Files.createDirectory(home);
        Files.writeString(home.resolve("format"), "parley 2\n");
        refusedUntil(() -> Files.writeString(home.resolve("format"), "parley 1\n"), "newer Parley", "format 2");
    }

    @Test
    void aStoreWhoseFormatIsNone() throws Exception {
        Files.createDirectory(home);
        Files.writeString(home.resolve("format"), "parley one\n");
        refusedUntil(4, () -> Files.writeString(home.resolve("format"), "parley 1\n"), "does not name a version");
    }

    @Test
    void aDirectoryThatIsNoStore() throws Exception {
        Files.createDirectory(home);
        Files.writeString(home.resolve("thesis.tex"), "years of work");
        refusedUntil(() -> Files.delete(home.resolve("thesis.tex")), "not a Parley store", "thesis.tex");
    }

    @Test
    void aStoreThatIsRemovedUnderRunningServersIsMadeAgain() throws Exception {
        try (Peers opened = peers) {
            Agent alice = opened.join("alice");
            Agent bob = opened.join("bob");
            Files.move(home, root.resolve("removed"));
            alice.call("get_my_session").ok();
            assertEquals("bob-session", bob.call("get_my_session").ok().text("/entry/client_session_id"));
            alice.call("send_message", "target", "bob", "body", "still here?").ok();
            assertEquals("still here?", bob.awaitMail().text("/messages/0/body"));
            opened.assertSound();
        }
    }

    @Test
    void aLinkWithinTheStoreIsNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        peers.join("alice");
        peers.join("bob");
        Agent alice = peers.join("carol");
        Path inbox = peers.session("bob-session").resolve("mailbox").resolve("new");
        Files.delete(inbox);
        Files.createSymbolicLink(inbox, elsewhere);
        Result result =
                alice.call("send_message", "target", "bob", "body", "hello").failed("store-unavailable");
        assertTrue(result.text("/message").contains("nothing was sent"), result::toString);
        Path session = peers.session("alice-session");
        Files.move(session, root.resolve("moved-away"));
        Files.createSymbolicLink(session, elsewhere);
        alice.call("send_message", "target", "alice", "body", "hello").failed("target-not-found");
        alice.call("send_message", "target", "alice-session", "body", "hello").failed("target-not-found");
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertEquals(0, files.count(), "something was written through a link");
        }
        Files.delete(session);
        Files.move(root.resolve("moved-away"), session);
        alice.call("send_message", "target", "alice", "body", "hello").ok();
        peers.close();
    }

    /**
     * A full disk as every user can have one: no file may grow beyond nothing. Writing fails in the middle of whatever is
     * being done, and works again when there is room.
     */
    @Test
    void aFullDisk() throws Exception {
        try (Peers opened = peers) {
            Agent alice = opened.join("alice");
            Agent bob = opened.join("bob");
            String before = alice.call("send_message", "target", "bob", "body", "before")
                    .ok()
                    .text("/message_id");
            Result ticket = alice.call("ask_peer", "target", "bob", "body", "a question", "timeout_ms", 1)
                    .ok();
            Map<String, String> whole = everything();

            room(alice, "0:");
            Result send = alice.call("send_message", "target", "bob", "body", "during")
                    .failed("store-unavailable");
            assertTrue(send.text("/message").contains("nothing was sent"), send::toString);
            alice.call("ask_peer", "target", "bob", "body", "during").failed("store-unavailable");
            alice.call("set_my_state", "purpose", "during").failed("store-unavailable");
            alice.call("claim_session", "session_id", "during-session").failed("store-unavailable");
            assertEquals(
                    "alice-session",
                    alice.call("get_my_session").ok().text("/entry/client_session_id"),
                    "it is who it was");
            assertEquals(
                    "stored",
                    alice.call("message_status", "message_id", before).ok().text("/state"));

            room(alice, "unlimited:");
            alice.call("set_my_state", "name", "alice").ok();
            String after = alice.call("send_message", "target", "bob", "body", "after")
                    .ok()
                    .text("/message_id");
            Result read = bob.call("read_my_messages").ok();
            assertEquals(3, read.at("/count").asInt(), read::toString);
            assertEquals(before, read.text("/messages/0/id"));
            assertEquals(after, read.text("/messages/2/id"));
            String question = read.text("/messages/1/id");
            bob.call("reply_to_message", "message_id", question, "body", "an answer")
                    .ok();
            Result answer = alice.call("ask_peer", "request_id", ticket.text("/request_id"))
                    .ok();
            assertEquals("an answer", answer.text("/reply/body"));
            assertTrue(everything().keySet().containsAll(kept(whole)), "something has been lost");
        }
    }

    /**
     * What must still be there whatever has been read and written since: the records of messages. The mark of a request's state
     * gives way to the next one.
     */
    private static List<String> kept(Map<String, String> files) {
        return files.keySet().stream()
                .filter(name -> name.contains("/ledger/m-") && !name.contains(",work="))
                .toList();
    }

    private void room(Agent agent, String bytes) throws Exception {
        String pid = Long.toString(agent.server().pid());
        Shell.run(List.of("prlimit", "--pid", pid, "--fsize=" + bytes), Map.of("PATH", System.getenv("PATH")), root, "")
                .exited(0);
    }
}
