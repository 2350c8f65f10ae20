package dev.parley.cli;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code parley diagnose} calls a failure what is one, and nothing else: each event that is traced anywhere is one or the other. */
final class DiagnoseEventsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern TRACED = Pattern.compile(
            "\\b(?:event|trace)\\(\\s*(?:[\\w.()]+ \\? \"(?<other>[a-z]+(?:-[a-z]+)*)\" : )?\"(?<name>[a-z]+(?:-[a-z]+)*)\"");

    /** What somebody who reads a trace should look at. */
    private static final Set<String> FAILURES = Set.of(
            "activity-unreadable",
            "answer-unobserved",
            "answered-mark-failed",
            "ask-not-closed",
            "asks-unreadable",
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
            "delivered-unforced",
            "doorbell-failed",
            "early-registration-failed",
            "hand-over-step-failed",
            "hand-over-unconfirmed",
            "host-not-noted",
            "index-not-noted",
            "index-unusable",
            "lease-lost",
            "ledger-unreadable",
            "ledger-unwritable",
            "lock-candidate-left",
            "lock-directory-kept",
            "lock-sweep-failed",
            "mailbox-unreadable",
            "message-unreadable",
            "moved-to-unreadable",
            "name-not-restored",
            "not-indexed",
            "not-left",
            "not-looked-at",
            "not-sent",
            "not-sorted",
            "not-told",
            "posting-left",
            "presence-unknown",
            "prune-failed",
            "record-left",
            "repair-failed",
            "rung-not-noted",
            "rung-unusable",
            "set-aside",
            "shown-not-pruned",
            "state-unknown",
            "store-error",
            "sweep-failed",
            "unread-unknown",
            "waiting-mark-stays",
            "value-forgotten",
            "wake-log-forgotten",
            "wake-stamp-kept",
            "wakes-unreadable");

    private static Set<String> traced() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : Set.of("mailbox-core", "ledger-core", "wake-tmux", "mcp-server")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    Matcher matcher = TRACED.matcher(Files.readString(file));
                    while (matcher.find()) {
                        found.add(matcher.group("name"));
                        if (matcher.group("other") != null) {
                            found.add(matcher.group("other"));
                        }
                    }
                }
            }
        }
        return found;
    }

    @Test
    void everyTracedEventIsEitherOrdinaryOrAFailure() throws IOException {
        Set<String> traced = traced();
        assertTrue(traced.contains("ask-timed-out") && traced.contains("answered"), traced::toString);
        Set<String> known = new HashSet<>(FAILURES);
        known.addAll(DiagnoseCommand.ORDINARY);
        assertEquals(
                Set.of(),
                traced.stream().filter(event -> !known.contains(event)).collect(toCollection(TreeSet::new)),
                "sort these into ordinary events and failures");
        assertEquals(
                Set.of(),
                known.stream().filter(event -> !traced.contains(event)).collect(toCollection(TreeSet::new)),
                "nothing traces these any more");
        assertEquals(
                Set.of(),
                FAILURES.stream().filter(DiagnoseCommand.ORDINARY::contains).collect(toCollection(TreeSet::new)),
                "one event cannot be both");
    }
}
