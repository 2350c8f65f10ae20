package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.session.PostOffices;
import dev.parley.supervise.Verdict.Ruling;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of several that start one session in a terminal, one does. */
final class TerminalStartTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");

    @TempDir
    private Path root;

    private PostOffice office;
    private TerminalStart start;
    private final AtomicInteger windows = new AtomicInteger();

    /** How often somebody looks at what was opened before the client is seen there. */
    private final AtomicInteger looks = new AtomicInteger(3);

    @BeforeEach
    void open() throws Exception {
        office = PostOffices.open(Map.of("PARLEY_HOME", root.resolve("home").toString()), Trace.NONE);
        start = new TerminalStart(office, plan -> {
            windows.incrementAndGet();
            return "main:3";
        });
    }

    private Plan plan() {
        Verdict verdict = looks.get() > 0
                ? new Verdict(Ruling.FREE, "nobody runs it", "")
                : new Verdict(Ruling.HELD_ELSEWHERE, "it runs", "");
        Peer peer = new Peer(
                ID,
                "calm-otter",
                Peer.CLAUDE_CODE,
                Optional.empty(),
                Optional.empty(),
                root.toString(),
                root.toString(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
        return new Plan(
                peer,
                ID,
                Manner.TERMINAL,
                "/bin/true",
                List.of(),
                root.toString(),
                Map.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                verdict);
    }

    private TerminalStart.Outcome opened(HeadlessRun.Planning planning) throws IOException, InterruptedException {
        return start.inTmux(ID, planning, () -> looks.decrementAndGet() <= 0, (plan, window) -> {});
    }

    @Test
    void whoeverComesWhileAClientIsNotSeenYetOpensNoSecondWindow() throws Exception {
        List<CompletableFuture<TerminalStart.Outcome>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return opened(this::plan);
                        } catch (IOException | InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    },
                    task -> new Thread(task, "start").start()));
        }
        List<TerminalStart.Outcome> outcomes =
                both.stream().map(CompletableFuture::join).toList();
        assertEquals(1, outcomes.stream().filter(TerminalStart.Outcome::isSeen).count());
        assertEquals(
                1,
                outcomes.stream()
                        .filter(outcome -> !outcome.plan().verdict().isFree())
                        .count());
        assertEquals(1, windows.get());
        assertEquals(Optional.empty(), SessionClaim.of(office.leases(), ID).holder());
    }

    @Test
    void whoeverIsDisplacedBeforeTheWindowOpensNone() throws Exception {
        AtomicInteger plans = new AtomicInteger();
        IOException e = assertThrows(
                IOException.class,
                () -> opened(() -> {
                    if (plans.incrementAndGet() == 1) {
                        takeAway();
                    }
                    return plan();
                }));
        assertTrue(e.getMessage().contains("nothing was started"), e::toString);
        assertEquals(0, windows.get());
    }

    private void takeAway() throws IOException {
        try (Stream<Path> tokens = Files.list(root.resolve("home/locks/resume-" + ID))) {
            for (Path token : tokens.toList()) {
                Files.delete(token);
            }
        }
    }

    /** Another window, a moment ago. */
    @Test
    void whoeverGoesOnHereWaitsForWhoIsJustStarted() throws Exception {
        Taken taken = (Taken) SessionClaim.of(office.leases(), ID).tryAcquire();
        CompletableFuture<Plan> here;
        CountDownLatch looked = new CountDownLatch(1);
        try (RenewableLease lease = taken.lease()) {
            here = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return start.here(ID, () -> {
                                Plan plan = plan();
                                looked.countDown();
                                return plan;
                            });
                        } catch (IOException | InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    },
                    task -> new Thread(task, "start").start());
            assertTrue(looked.await(30, TimeUnit.SECONDS));
            assertTrue(lease.renew());
            looks.set(0);
        }
        assertEquals(Ruling.HELD_ELSEWHERE, here.join().verdict().ruling());
    }
}
