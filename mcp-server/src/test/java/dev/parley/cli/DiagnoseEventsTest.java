package dev.parley.cli;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code parley diagnose} calls a failure what is one, and nothing else: each event has a kind, and keeps it. */
final class DiagnoseEventsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern TRACED = Pattern.compile("\\bEvent\\.([A-Z_]+)\\b");

    /** Waking, asking, reading, tidying up. */
    private static final Set<String> ROUTINE = Set.of(
            "wake",
            "wake-rung",
            "handed",
            "answered",
            "ask-timed-out",
            "ask-already-closed",
            "waiting-mark-gone",
            "ledger-pruned",
            "lock-swept",
            "open-work-left",
            "removal-shared",
            "resume",
            "shown-pruned",
            "supervision",
            "sweep-overtaken",
            "swept",
            "swept-by-another");

    /** A session crashed, was cleared, claimed or came back, and what it had is where it belongs. */
    private static final Set<String> NOTABLE = Set.of(
            "address-claimed",
            "card-restored",
            "claim-gone",
            "hand-over-unproven",
            "lock-taken-over",
            "lock-changed-hands",
            "mail-moved",
            "move-finished",
            "named-again",
            "removal-undone",
            "renamed");

    /** What somebody who reads a trace should look at. */
    private static final Set<String> FAILURES = Set.of(
            "activity-unreadable",
            "answer-unobserved",
            "answered-mark-failed",
            "ask-not-closed",
            "asks-unreadable",
            "binding-not-kept",
            "binding-unreadable",
            "card-not-shared",
            "card-refused",
            "card-unreadable",
            "claim-cut-short",
            "claim-left",
            "claim-left-behind",
            "claim-unforced",
            "corrupt-ask",
            "corrupt-card",
            "corrupt-card-not-kept",
            "corrupt-card-replaced",
            "corrupt-passed-over",
            "corrupt-set-aside",
            "corrupt-work",
            "delivered-unforced",
            "doorbell-failed",
            "early-registration-failed",
            "hand-over-step-failed",
            "hand-over-unconfirmed",
            "host-not-noted",
            "hub-lost-mail",
            "hub-out-of-reach",
            "hub-settings-unreadable",
            "idle-sign-stays",
            "index-not-noted",
            "index-unusable",
            "lease-lost",
            "ledger-unreadable",
            "ledger-unwritable",
            "lock-candidate-left",
            "lock-directory-kept",
            "lock-sweep-failed",
            "mail-refused",
            "mail-untold",
            "mailbox-unreadable",
            "message-unreadable",
            "moved-to-unreadable",
            "name-not-restored",
            "not-carried",
            "not-indexed",
            "not-left",
            "not-looked-at",
            "not-sent",
            "not-sorted",
            "not-taken-in",
            "not-told",
            "not-withdrawn",
            "open-work-unobserved",
            "pair-unreadable",
            "posting-left",
            "postman-not-called",
            "presence-unknown",
            "prune-failed",
            "question-unobserved",
            "record-left",
            "remote-note-unreadable",
            "remote-subject-refused",
            "repair-failed",
            "rung-not-noted",
            "rung-unusable",
            "set-aside",
            "shown-not-pruned",
            "state-unknown",
            "store-error",
            "supervision-not-noted",
            "supervision-log-forgotten",
            "sweep-failed",
            "unread-unknown",
            "waiting-mark-stays",
            "value-forgotten",
            "wake-log-forgotten",
            "resume-failed",
            "resume-log-forgotten",
            "wake-stamp-kept",
            "wakes-unreadable",
            "work-mark-stays",
            "work-not-changed",
            "work-unreadable");

    private static Set<String> traced() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : Set.of("mailbox-core", "ledger-core", "wake-tmux", "mcp-server/hub", "mcp-server")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    Matcher matcher = TRACED.matcher(Files.readString(file));
                    while (matcher.find()) {
                        found.add(Event.valueOf(matcher.group(1)).toString());
                    }
                }
            }
        }
        return found;
    }

    private static Set<String> written(Event.Kind kind) {
        return Stream.of(Event.values())
                .filter(event -> event.kind() == kind)
                .map(Event::toString)
                .collect(toCollection(TreeSet::new));
    }

    /** Byte for byte: traces of earlier versions are read, too. */
    @Test
    void everyEventKeepsItsNameAndItsKind() {
        assertEquals(new TreeSet<>(ROUTINE), written(Event.Kind.ROUTINE));
        assertEquals(new TreeSet<>(NOTABLE), written(Event.Kind.NOTABLE));
        assertEquals(new TreeSet<>(FAILURES), written(Event.Kind.FAILURE));
        for (Event event : Event.values()) {
            assertEquals(Optional.of(event), Event.of(event.toString()));
        }
    }

    @Test
    void everyEventIsTraced() throws IOException {
        Set<String> traced = traced();
        assertTrue(traced.contains("ask-timed-out") && traced.contains("answered"), traced::toString);
        assertEquals(
                Set.of(),
                Stream.of(Event.values())
                        .map(Event::toString)
                        .filter(event -> !traced.contains(event))
                        .collect(toCollection(TreeSet::new)),
                "nothing traces these any more");
    }
}
