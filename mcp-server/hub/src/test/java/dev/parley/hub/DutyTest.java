package dev.parley.hub;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.office.PostOffice;
import dev.parley.remote.RemoteCards;
import dev.parley.store.office.FileOffice;
import dev.parley.testing.Letters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of several processes of a machine one carries its mail, and another takes over. */
@Timeout(60)
final class DutyTest {

    private final MemoryHub hub = new MemoryHub(InstantSource.system(), 1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    @TempDir
    Path home;

    @AfterEach
    void endAll() throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Team team(String host) {
        return new Team(
                "team", new HostName(host), host, Optional.empty(), Map.of(Machine.PROJECT.token(), Machine.KEY));
    }

    private Duty begin(PostOffice office, Team team) {
        Duty duty = new Duty(office, () -> Optional.of(team), () -> {
            connections.incrementAndGet();
            return hub.as(team.host());
        });
        Thread thread = new Thread(() -> {
            try {
                duty.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        thread.start();
        return duty;
    }

    private static void session(FileOffice office, String id) throws Exception {
        var unused = office.here()
                .peers()
                .register(office.registration(
                        new SessionId(id), "codex", Machine.KEY, Optional.of("client"), Optional.of("server")));
    }

    @Test
    void anotherProcessTakesOverAndMailGoesOn() throws Exception {
        FileOffice laptop = FileOffice.in(home.resolve("laptop"), Retention.DEFAULT);
        FileOffice server = FileOffice.in(home.resolve("server"), Retention.DEFAULT);
        session(laptop, "ann-00001");
        session(server, "ben-00001");
        begin(server.here(), team("build-server"));
        Duty first = begin(laptop.as("one"), team("laptop"));
        await().until(first::isCarrying);
        Duty second = begin(laptop.as("two"), team("laptop"));
        send(laptop, "one");
        await().until(() -> waiting(server) == 1);
        assertTrue(laptop.here().remoteMail().orElseThrow().cards().link().isUp());
        assertEquals(2, connections.get());

        threads.get(1).interrupt();
        threads.get(1).join();
        await().atMost(Duration.ofSeconds(10)).until(second::isCarrying);
        assertTrue(!first.isCarrying());
        send(laptop, "two");
        await().until(() -> waiting(server) == 2);
        await().until(() -> laptop.here().remoteMail().orElseThrow().outbox().size() == 0);
        assertEquals(3, connections.get());
    }

    @Test
    void whyThereIsNoConnectionIsSaid() throws Exception {
        FileOffice laptop = FileOffice.in(home.resolve("laptop"), Retention.DEFAULT);
        Duty duty = new Duty(laptop.here(), () -> Optional.of(team("laptop")), () -> {
            throw new RoadException(RoadException.Kind.REFUSED_LOGIN, "the hub refuses user laptop; see hub join");
        });
        Thread thread = new Thread(() -> {
            try {
                duty.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        thread.start();
        RemoteCards cards = laptop.here().remoteMail().orElseThrow().cards();
        await().until(() -> cards.link().trouble().equals(Optional.of("the hub refuses user laptop; see hub join")));
        assertTrue(!cards.link().isUp());
    }

    private static void send(FileOffice office, String body) throws Exception {
        office.here()
                .remoteMail()
                .orElseThrow()
                .outbox()
                .put(
                        new HostName("build-server"),
                        Letters.plain(new SessionId("ann-00001"), new SessionId("ben-00001"), body));
    }

    private static int waiting(FileOffice office) throws Exception {
        return office.here().mailbox(new SessionId("ben-00001")).waiting();
    }
}
