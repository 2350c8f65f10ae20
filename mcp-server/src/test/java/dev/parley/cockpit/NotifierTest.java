package dev.parley.cockpit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.cockpit.Notice.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a person is told, and how often. */
final class NotifierTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    private final List<String> told = new ArrayList<>();
    private final Notifier notifier =
            new Notifier("shop", List.of((notice, title, text) -> told.add(title + ": " + text)));

    private static Notice about(String name) {
        return new Notice(Kind.NEEDS_YOU, Optional.of(new SessionId(name)), Optional.of(name), name + " needs you");
    }

    @Test
    void theSameIsToldAgainOnlyAfterAWhile() {
        notifier.tell(about("a"), NOW);
        notifier.tell(about("a"), NOW.plusSeconds(1));
        notifier.tell(about("a"), NOW.plusSeconds(30));
        notifier.tell(about("a"), NOW.plusSeconds(31));
        assertEquals(List.of("Parley: shop: a needs you", "Parley: shop: a needs you (and 2 more before)"), told);
    }

    @Test
    void aFloodIsCountedAndNotTold() {
        for (int i = 0; i < 50; i++) {
            notifier.tell(about("s" + i), NOW);
        }
        assertEquals(5, told.size());
        notifier.tell(about("later"), NOW.plusSeconds(10));
        assertEquals("Parley: shop: later needs you (and 45 more before)", told.get(5));
        notifier.tell(about("too-soon"), NOW.plusSeconds(11));
        assertEquals(6, told.size());
    }

    @Test
    void whatFailsIsSaidAndHindersNoOtherWay() {
        Notifier both = new Notifier(
                "shop",
                List.of(
                        (notice, title, text) -> {
                            throw new IOException("no desktop");
                        },
                        (notice, title, text) -> told.add(text)));
        assertEquals(List.of("cannot notify: no desktop"), both.tell(about("a"), NOW));
        assertEquals(List.of("a needs you"), told);
    }

    private static Path script(Path directory, String name, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    @Test
    void theUsersProgramGetsItsOwnArgumentsAndTheTextsAsVariables(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        Path program = script(
                directory,
                "my notify",
                "printf '%s|' \"$#\" \"$1\" \"$2\" \"$NOTICE_KIND\" \"$NOTICE_TITLE\" \"$NOTICE_TEXT\""
                        + " \"$NOTICE_SESSION\" \"$NOTICE_NAME\" > '" + out + ".new' && mv '" + out
                        + ".new' '" + out + "'");
        String command = "[\"" + program + "\", \"$(touch evil); `x`\", \"two words\"]";
        Announcer announcer = NoticePrograms.ofUser(Map.of("PARLEY_NOTIFY", command, "PATH", System.getenv("PATH")))
                .orElseThrow();
        announcer.announce(about("calm-otter"), "Parley: shop", "it's; $(text)");
        await().until(() -> Files.exists(out));
        assertEquals(
                "2|$(touch evil); `x`|two words|needs-you|Parley: shop|it's; $(text)|calm-otter|calm-otter|",
                Files.readString(out));
    }

    @Test
    void aProgramIsFoundByItsNameOnThePathAndNeverInTheWorkingDirectory(@TempDir Path directory) throws Exception {
        script(directory, "tell-me", "exit 0");
        assertTrue(NoticePrograms.ofUser(Map.of("PARLEY_NOTIFY", "tell-me", "PATH", "relative::" + directory))
                .isPresent());
        assertThrows(
                IOException.class,
                () -> NoticePrograms.ofUser(Map.of("PARLEY_NOTIFY", "tell-me", "PATH", "relative::")));
    }

    @Test
    void whatIsNoProgramIsRefusedWithWhatToDo() throws Exception {
        assertEquals(Optional.empty(), NoticePrograms.ofUser(Map.of()));
        for (String wrong : List.of("/no/such", "[]", "[1]", "[\"x\"", "not on the path -x")) {
            IOException e = assertThrows(
                    IOException.class, () -> NoticePrograms.ofUser(Map.of("PARLEY_NOTIFY", wrong, "PATH", "/usr/bin")));
            assertTrue(e.getMessage().startsWith("PARLEY_NOTIFY "), e.getMessage());
        }
    }

    @Test
    void theDesktopsProgramGetsTheTextsAsArguments(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        script(
                directory,
                "notify-send",
                "printf '%s|' \"$@\" > '" + out + ".new' && mv '" + out + ".new' '" + out + "'");
        Map<String, String> environment = Map.of("PATH", directory + ":/usr/bin:/bin");
        NoticePrograms.desktop(environment).orElseThrow().announce(about("a"), "Parley: shop", "--text $(x)");
        await().until(() -> Files.exists(out));
        assertEquals("--app-name=Parley|--|Parley: shop|--text $(x)|", Files.readString(out));
        Files.delete(directory.resolve("notify-send"));
        Files.delete(out);
        script(directory, "osascript", "printf '%s|' \"$@\" > '" + out + ".new' && mv '" + out + ".new' '" + out + "'");
        NoticePrograms.desktop(environment).orElseThrow().announce(about("a"), "Parley: shop", "te\"xt");
        await().until(() -> Files.exists(out));
        assertTrue(Files.readString(out).endsWith("|end run|--|Parley: shop|te\"xt|"), Files.readString(out));
        Files.delete(directory.resolve("osascript"));
        assertEquals(Optional.empty(), NoticePrograms.desktop(Map.of("PATH", directory.toString())));
    }

    @Test
    void aTerminalIsToldInItsOwnWayAndTheTextEndsNothing() {
        String text = "a;b\u001b\\\u0007c";
        assertEquals(
                "\u001b]9;Parley: shop: a,b \\ c\u001b\\\u0007",
                TerminalNotice.sequence("Parley: shop", text, Map.of("TERM", "xterm-256color")));
        assertEquals(
                "\u001b]777;notify;Parley: shop;a,b \\ c\u001b\\\u0007",
                TerminalNotice.sequence("Parley: shop", text, Map.of("TERM", "rxvt-unicode")));
        assertEquals(
                "\u001bPtmux;\u001b\u001b]9;t: x\u001b\u001b\\\u001b\\\u0007",
                TerminalNotice.sequence("t", "x", Map.of("TERM", "screen", "TMUX", "/tmp/s,1,0")));
    }

    @Test
    void theClipboardGetsTheTextEncoded() {
        String encoded = Base64.getEncoder().encodeToString("m-1;\u001b".getBytes(UTF_8));
        assertEquals("\u001b]52;c;" + encoded + "\u0007", TerminalNotice.clipboard("m-1;\u001b", Map.of()));
        assertTrue(TerminalNotice.clipboard("m-1", Map.of("TMUX", "/tmp/s,1,0")).contains("\u001bPtmux;"));
    }
}
