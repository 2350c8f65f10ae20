package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.supervise.Admission.Admitted;
import dev.parley.supervise.Admission.Parked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** The budget of starts, over arbitrary sequences of what several processes do for several sessions, against a model. */
final class StartRulesPropertyTest {

    private static final int SESSIONS = 9;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private enum Kind {
        ADMIT,
        START,
        SUCCEED,
        FAIL,
        LIMITED,
        REFUSED,
        STARTER_DIES,
        CLIENT_DIES,
        SET_CLOCK,
        REBOOT
    }

    /** Something that happens, so long after what happened before. */
    record Event(Kind kind, int session, Duration after, Duration step) {}

    private static Arbitrary<List<Event>> events(List<Kind> kinds) {
        Arbitrary<Duration> after = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(0, 3_000).map(Duration::ofMillis)),
                Tuple.of(5, Arbitraries.longs().between(3, 90).map(Duration::ofSeconds)),
                Tuple.of(2, Arbitraries.longs().between(2, 30).map(Duration::ofMinutes)),
                Tuple.of(1, Arbitraries.longs().between(30, 300).map(Duration::ofMinutes)));
        Arbitrary<Duration> step = Arbitraries.longs().between(-20_000, 20_000).map(Duration::ofMinutes);
        Arbitrary<Integer> session = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(0, SESSIONS - 1)));
        return Combinators.combine(Arbitraries.of(kinds), session, after, step)
                .as(Event::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(300);
    }

    private static final List<Kind> WORK = List.of(
            Kind.ADMIT,
            Kind.ADMIT,
            Kind.ADMIT,
            Kind.ADMIT,
            Kind.START,
            Kind.START,
            Kind.SUCCEED,
            Kind.SUCCEED,
            Kind.FAIL,
            Kind.LIMITED,
            Kind.STARTER_DIES,
            Kind.CLIENT_DIES,
            Kind.CLIENT_DIES);

    private static List<Kind> workAnd(Kind... others) {
        List<Kind> kinds = new ArrayList<>(WORK);
        kinds.addAll(List.of(others));
        return kinds;
    }

    @Provide
    Arbitrary<List<Event>> withAnyClock() {
        return events(workAnd(Kind.REFUSED, Kind.SET_CLOCK, Kind.SET_CLOCK));
    }

    @Provide
    Arbitrary<List<Event>> withReboots() {
        return events(workAnd(Kind.REFUSED, Kind.REBOOT));
    }

    @Provide
    Arbitrary<List<Event>> withAll() {
        return events(workAnd(Kind.REFUSED, Kind.SET_CLOCK, Kind.REBOOT));
    }

    /** Sessions that are no trouble: only the hour stops them. */
    @Provide
    Arbitrary<List<Event>> successes() {
        return events(List.of(Kind.ADMIT, Kind.ADMIT, Kind.START, Kind.SUCCEED, Kind.SUCCEED, Kind.SET_CLOCK));
    }

    @Property(tries = 400)
    void noSettingOfTheClockLetsMoreStart(@ForAll("withAnyClock") List<Event> events) {
        new World().all(events);
    }

    @Property(tries = 300)
    void noRebootLetsMoreStart(@ForAll("withReboots") List<Event> events) {
        new World().all(events);
    }

    @Property(tries = 300)
    void successesCount(@ForAll("successes") List<Event> events) {
        new World().all(events);
    }

    /** Both at once may let more start, and never keep anybody for good. */
    @Property(tries = 300)
    void nobodyIsKeptForGood(@ForAll("withAll") List<Event> events) {
        World world = new World();
        world.isTrusted = false;
        world.all(events);
        world.assertNobodyIsKept();
    }

    @Property(tries = 200)
    void limitsAreClampedAtBothEnds(
            @ForAll int ofSession, @ForAll int ofMachine, @ForAll @IntRange(min = -1000000) int backOff) {
        StartLimits limits = new StartLimits(ofSession, ofMachine, Duration.ofMillis(backOff));
        assertTrue(limits.ofSession() >= 1 && limits.ofSession() <= 6, limits::toString);
        assertTrue(limits.ofMachine() >= 1 && limits.ofMachine() <= 20, limits::toString);
        assertTrue(limits.backOff().toMillis() >= 1_000 && limits.backOff().toMinutes() <= 10, limits::toString);
        assertEquals(limits.backOff().multipliedBy(4), limits.backOffAfter(2));
    }

    /** What is true, beside what the log says. */
    private static final class World implements ProcessTable {

        private final StartLimits limits = StartLimits.DEFAULT;
        private final Set<ProcessIdentity> living = new HashSet<>();
        private final List<Long> starts = new ArrayList<>();
        private final Map<Integer, Truth> truths = new HashMap<>();
        private boolean isTrusted = true;
        private StartLog log = StartLog.empty();
        private long elapsed;
        private long wall = Duration.ofDays(20_000).toMillis();
        private long booted;
        private int boots;
        private long numbers = 100;
        private ProcessIdentity asking = born();

        /** What is true of one session. */
        private static final class Truth {
            private final List<Long> starts = new ArrayList<>();
            private int failures;
            private Optional<Attempt> attempt = Optional.empty();
            private long closedUntil = Long.MIN_VALUE;
        }

        private record Attempt(long at, ProcessIdentity starter, Optional<ProcessIdentity> client) {}

        private ProcessIdentity born() {
            ProcessIdentity process = new ProcessIdentity(++numbers, 1, scope());
            living.add(process);
            return process;
        }

        private String scope() {
            return "b" + boots + "n1";
        }

        private Moment now() {
            return new Moment(wall, scope(), elapsed - booted);
        }

        private StartRules rules() {
            return new StartRules(log, limits, this, now());
        }

        private static SessionId id(int session) {
            return new SessionId("s" + session);
        }

        void all(List<Event> events) {
            for (Event event : events) {
                elapsed += event.after().toMillis();
                wall += event.after().toMillis();
                one(event);
                assertEquals(log, StartLog.decode(log.encode()), event::toString);
            }
        }

        private void one(Event event) {
            Truth truth = truths.computeIfAbsent(event.session(), absent -> new Truth());
            SessionId session = id(event.session());
            switch (event.kind()) {
                case ADMIT -> admit(session, truth);
                case START -> start(session, truth);
                case SUCCEED -> {
                    log = rules().succeeded(session);
                    end(truth);
                    truth.failures = 0;
                    truth.closedUntil = Long.MIN_VALUE;
                }
                case FAIL ->
                    truth.attempt.ifPresent(attempt -> {
                        log = rules().failed(session);
                        end(truth);
                        fail(truth);
                    });
                case LIMITED ->
                    truth.attempt.ifPresent(attempt -> {
                        log = rules().parked(session, ParkReason.RATE_LIMITED, Optional.of(Duration.ofMinutes(90)));
                        end(truth);
                        truth.failures = 0;
                        truth.closedUntil = elapsed + Duration.ofMinutes(90).toMillis();
                    });
                case REFUSED ->
                    truth.attempt.ifPresent(attempt -> {
                        log = rules().parked(session, ParkReason.PERMISSION, Optional.empty());
                        end(truth);
                        truth.failures = 0;
                        truth.closedUntil = Long.MAX_VALUE;
                    });
                case STARTER_DIES -> {
                    living.remove(asking);
                    asking = born();
                }
                case CLIENT_DIES -> truth.attempt.flatMap(Attempt::client).ifPresent(living::remove);
                case SET_CLOCK -> wall += event.step().toMillis();
                case REBOOT -> reboot();
            }
        }

        private void reboot() {
            boots++;
            booted = elapsed;
            living.clear();
            asking = born();
        }

        private void end(Truth truth) {
            truth.attempt.flatMap(Attempt::client).ifPresent(living::remove);
            truth.attempt = Optional.empty();
        }

        private void fail(Truth truth) {
            truth.failures++;
            truth.closedUntil = truth.failures >= 3
                    ? Long.MAX_VALUE
                    : elapsed + limits.backOffAfter(truth.failures).toMillis();
        }

        private void start(SessionId session, Truth truth) {
            if (truth.attempt.isPresent() && truth.attempt.get().client().isEmpty()) {
                ProcessIdentity client = born();
                Attempt attempt = truth.attempt.get();
                log = rules().started(session, client);
                truth.attempt = Optional.of(new Attempt(attempt.at(), attempt.starter(), Optional.of(client)));
            }
        }

        private boolean isUnderWay(Attempt attempt) {
            return attempt.client().isPresent()
                    ? living.contains(attempt.client().get())
                    : living.contains(attempt.starter()) && elapsed - attempt.at() < StartRules.STARTING.toMillis();
        }

        private void admit(SessionId session, Truth truth) {
            boolean isRunning = truth.attempt
                    .flatMap(Attempt::client)
                    .filter(living::contains)
                    .isPresent();
            // Whoever asks next finds out that nobody has told of the end.
            boolean isLeft = truth.attempt.isPresent() && !isRunning;
            if (isLeft) {
                end(truth);
                fail(truth);
            }
            long underWay = truths.values().stream()
                    .filter(other -> other != truth)
                    .filter(other -> other.attempt.filter(this::isUnderWay).isPresent())
                    .count();
            StartRules.Decision decision = rules().admit(session, "o." + numbers, asking, 0);
            log = decision.log();
            boolean mayStart = !isRunning
                    && elapsed >= truth.closedUntil
                    && underWay < 2
                    && within(truth.starts) < 6
                    && within(starts) < 20;
            if (isTrusted) {
                assertEquals(mayStart, decision.admission() instanceof Admitted, decision::toString);
            }
            if (decision.admission() instanceof Admitted) {
                assertTrue(!isRunning, "two run at once");
                assertTrue(underWay < 2, "three run on one machine");
                truth.starts.add(elapsed);
                starts.add(elapsed);
                truth.attempt = Optional.of(new Attempt(elapsed, asking, Optional.empty()));
            }
        }

        private long within(List<Long> all) {
            return all.stream().filter(at -> elapsed - at < HOUR).count();
        }

        void assertNobodyIsKept() {
            for (int session = 0; session < SESSIONS; session++) {
                living.clear();
                asking = born();
                // Whatever was left is found out, and somebody who was asked says that all is well.
                rules();
                log = rules().admit(id(session), "o.last", asking, 0).log();
                log = rules().succeeded(id(session));
                elapsed += 2 * HOUR;
                wall += 2 * HOUR;
                assertInstanceOf(
                        Admitted.class,
                        rules().admit(id(session), "o.last", asking, 0).admission());
            }
        }

        @Override
        public ProcessIdentity self() {
            return asking;
        }

        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return living.stream().filter(process -> process.pid() == pid).findFirst();
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            return !process.scope().equals(scope())
                    ? Vitality.UNKNOWN
                    : living.contains(process) ? Vitality.ALIVE : Vitality.DEAD;
        }
    }

    @Property(tries = 20)
    void tooLongAChainStartsNobody(@ForAll @IntRange(min = 0, max = 60) int hops) {
        World world = new World();
        Admission said =
                world.rules().admit(new SessionId("s"), "o", world.self(), hops).admission();
        assertEquals(hops <= 20, said instanceof Admitted);
        assertTrue(hops <= 20 || ((Parked) said).reason() == ParkReason.BUDGET);
    }
}
