package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessTable;
import dev.parley.remote.Followed;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Receipt;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteMail;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.ledger.Post;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.remote.FileRemoteMail;
import dev.parley.testing.Letters;
import dev.parley.testing.Pipes;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * A whole store on the real disk, damaged in any of its places in any way: the check finds it, the server goes on with all
 * else, and a repair loses no message of which one copy can be read.
 */
final class StoreDamagePropertyTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId OLD = new SessionId("old");

    /** What is done to a file. */
    enum Damage {
        BIT_TURNED {
            @Override
            void inflict(Path file, int where) throws IOException {
                byte[] content = Files.readAllBytes(file);
                if (content.length == 0) {
                    Files.write(file, new byte[] {1});
                } else {
                    content[where % content.length] ^= (byte) (1 << (where % 8));
                    Files.write(file, content);
                }
            }
        },
        CUT_SHORT {
            @Override
            void inflict(Path file, int where) throws IOException {
                byte[] content = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(content, content.length == 0 ? 1 : where % content.length));
            }
        },
        TEN_MEGABYTES {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.write(file, new byte[10_000_000]);
            }
        },
        DIRECTORY_INSTEAD {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.delete(file);
                Files.createDirectory(file);
                Files.writeString(file.resolve("inside"), "something");
            }
        },
        LINK_INSTEAD {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.delete(file);
                Files.createSymbolicLink(file, Path.of(where % 2 == 0 ? "/etc/hostname" : "/nowhere"));
            }
        },
        PIPE_INSTEAD {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.delete(file);
                Pipes.make(file);
            }
        },
        GONE {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.delete(file);
            }
        },
        OPEN_TO_ALL {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            }
        },
        RENAMED {
            @Override
            void inflict(Path file, int where) throws IOException {
                Files.move(file, file.resolveSibling("not a name of ours"));
            }
        };

        abstract void inflict(Path file, int where) throws IOException;
    }

    /** A store with mail in every place. */
    private static final class Office implements AutoCloseable {

        final Path temp = Files.createTempDirectory("parley-damage");
        final SimulatedProcesses machine = new SimulatedProcesses();
        final ProcessTable self = machine.start(1);
        final List<String> events = new ArrayList<>();
        final Store store;
        final Post post;
        final Set<MessageId> expected = new HashSet<>();

        Office() throws IOException, InterruptedException {
            Trace trace = (event, fields) -> events.add(event + " " + fields);
            store = Store.open(temp.resolve("home"), Durability.PROCESS, trace);
            post = Post.over(store, self);
            for (SessionId session : List.of(OLD, BEN)) {
                post.peers().register(post.registration(session));
            }
            post.peers().move(OLD, post.registration(ANN));
            send("shown");
            post.mailbox(ANN).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
            expected.clear();
            send("handed");
            post.mailbox(ANN).claim(Budget.READ, Set.<RequestId>of()::contains).written();
            send("waits");
            send("waits, too");
            Envelope question = Letters.question(ANN, BEN, RequestId.create(), "question");
            post.asks(ANN)
                    .open(new PendingAsk(
                            question.requestId().orElseThrow(),
                            question.id(),
                            BEN,
                            store.clock().instant()));
            post.delivery().send(question, Delivery.Ring.YES);
            post.ledger(BEN).markAnswered(question.id());
            post.ledger(BEN).markRung(question.id(), "tmux");
            note(store.activity(ANN), "idle\n");
            note(store.clients().resolve(self.self().toString()), ANN + "\n");
            note(store.session(ANN).resolve("wakes"), new String(Checksummed.encode("1 ben - 0123\n"), UTF_8));
            note(store.home().resolve("starts"), new String(Checksummed.encode("session ann 1\n"), UTF_8));
            remote(new FileRemoteMail(
                    store,
                    new Locks(store, self),
                    new Mailboxes(store, self),
                    new Ledgers(store, self, Retention.DEFAULT)));
            // A lock that is held all the time.
            new Locks(store, self).named("held").acquire(Leases.WAIT);
            assertEquals(List.of(), new StoreCheck(store, self).check());
        }

        /** Mail to another machine, and what is known of it. */
        private void remote(RemoteMail mail) throws IOException, InterruptedException {
            note(store.home().resolve("hub"), "parley hub 1\n");
            HostName server = new HostName("build-server");
            SessionId cleo = new SessionId("cleo");
            mail.outbox().keepTeam("blue");
            Envelope gone = Letters.plain(ANN, cleo, "gone");
            mail.outbox().put(server, gone);
            Parcel first = mail.outbox().waiting(Pair.of(server, gone), 1).get(0);
            mail.outbox()
                    .settle(new Receipt(first.pair(), first.epoch(), first.number(), Optional.of(gone.id()), false));
            mail.sent().learn(server, Progress.refused(gone.id(), 1, "later"));
            mail.outbox().put(server, Letters.plain(ANN, cleo, "one"));
            mail.outbox().put(server, Letters.plain(ANN, cleo, "two"));
            Envelope come = Letters.plain(cleo, ANN, "come");
            mail.intake().take(new Parcel(Pair.of(server, come), "0123456789abcdef", 1, 0, Optional.empty(), come));
            mail.followed().note(new Followed.Item(come.id(), server, "0123456789abcdef0123", ANN, Optional.empty()));
            mail.refused().keep(server, "m-odd", "it is odd", new byte[] {1});
            mail.cards().keepHosts(List.of(new RemoteCards.Host(server, Letters.SENT, false)));
            mail.cards().keepBeats(List.of("word"));
            mail.cards().keepLink(new RemoteCards.Link(true, Letters.SENT, Optional.empty()));
        }

        private static void note(Path file, String content) throws IOException {
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }

        final void send(String body) throws IOException {
            Envelope letter = Letters.plain(BEN, ANN, body);
            post.delivery().send(letter, Delivery.Ring.YES);
            expected.add(letter.id());
        }

        /** Every file but the one that says what all the others are. */
        List<Path> files() throws IOException {
            try (Stream<Path> all = Files.walk(store.home())) {
                return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                        .filter(path -> !path.endsWith("format") && !path.endsWith("hub"))
                        .sorted()
                        .toList();
            }
        }

        /** A message and its record are one file with two names: damage to its content leaves nothing to make it from. */
        void expectWhatCanBeRead() throws IOException {
            Set<MessageId> readable = new HashSet<>();
            for (Path file : files()) {
                try {
                    readable.add(
                            EnvelopeCodec.decode(file, Files.readAllBytes(file)).id());
                } catch (CorruptFileException e) {
                    // Damaged, or no message.
                }
            }
            expected.retainAll(readable);
        }

        List<Path> directories() throws IOException {
            try (Stream<Path> all = Files.walk(store.home())) {
                return all.filter(Files::isDirectory)
                        .filter(path -> !path.equals(store.home()))
                        .sorted()
                        .toList();
            }
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(temp)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void anyFileMayBeDamaged(@ForAll int which, @ForAll Damage damage, @ForAll @IntRange(max = 100_000) int where)
            throws Exception {
        damaged(which, damage, where);
    }

    @Tag("slow")
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void anyFileMayBeDamagedAgainAndAgain(
            @ForAll int which, @ForAll Damage damage, @ForAll @IntRange(max = 100_000) int where) throws Exception {
        damaged(which, damage, where);
    }

    private static void damaged(int which, Damage damage, int where) throws Exception {
        try (Office office = new Office()) {
            List<Path> files = office.files();
            Path file = files.get(Math.floorMod(which, files.size()));
            String name = office.store.home().relativize(file).toString();
            damage.inflict(file, where);
            office.expectWhatCanBeRead();
            assertIsFound(office, file, damage);
            assertGoesOn(office);
            repairAndCompare(office, damage + " of " + name, damage == Damage.GONE ? file : null);
        }
    }

    /** Whatever is not simply absent is found, unless it is a mark without content, or a bell. */
    private static void assertIsFound(Office office, Path file, Damage damage) throws IOException {
        List<FileFinding> findings = new StoreCheck(office.store, office.self).check();
        boolean hasNoContent = file.endsWith("doorbell")
                || (String.valueOf(file.getFileName()).contains(",")
                        && !file.getParent().endsWith("sent"))
                || file.getParent().endsWith("rung")
                || file.getParent().endsWith("moved_from")
                || file.startsWith(office.store.locks());
        boolean onlyContent =
                damage == Damage.BIT_TURNED || damage == Damage.CUT_SHORT || damage == Damage.TEN_MEGABYTES;
        if (damage != Damage.GONE && !(hasNoContent && onlyContent) && !isStillAnId(file, damage)) {
            assertFalse(findings.isEmpty(), () -> "nothing was found of " + damage + " of " + file);
        }
    }

    /** A damaged pointer may happen to name another valid id; it leads nowhere then, which is found; or is cut behind it. */
    private static boolean isStillAnId(Path file, Damage damage) throws IOException {
        if (damage == Damage.BIT_TURNED && file.endsWith("activity")) {
            // The bit may have made another white space of the newline.
            return new String(Files.readAllBytes(file), US_ASCII).strip().equals("idle");
        }
        if (damage != Damage.CUT_SHORT) {
            return false;
        }
        return file.endsWith("moved_to")
                || file.endsWith("session.json")
                || (file.endsWith("activity") && Files.readString(file, UTF_8).equals("idle"))
                || (file.getParent().endsWith("clients")
                        && Files.readString(file, UTF_8).equals(ANN.value()));
    }

    /** One caller may be told, but whoever has nothing to do with it is served. */
    private static void assertGoesOn(Office office) throws IOException, InterruptedException {
        SessionId other = new SessionId("other");
        office.post.peers().register(office.post.registration(other));
        office.post.delivery().send(Letters.plain(BEN, other, "all goes on"), Delivery.Ring.YES);
        Batch batch = office.post.mailbox(other).claim(Budget.READ, Set.<RequestId>of()::contains);
        assertEquals(1, batch.messages().size());
        batch.confirm();
    }

    private static void repairAndCompare(Office office, String what, Path gone) throws Exception {
        StoreCheck check = new StoreCheck(office.store, office.self);
        StoreCheck.Repair repair = check.repair();
        List<FileFinding> left = repair.left().stream()
                .filter(finding -> finding.severity() != Finding.Severity.LITTER)
                // Only the session itself can say again who it is.
                .filter(finding -> !finding.what().contains("no card"))
                // For which machine mail is only this file tells, and only the message what it says.
                .filter(finding -> !finding.what().contains("nobody knows for which machine")
                        && !finding.what().contains("has no message of number")
                        && !finding.remedy().contains("once those before it have left"))
                .toList();
        assertEquals(List.of(), left, () -> what + "\n" + office.events);
        office.machine.kill(1);
        ProcessTable next = office.machine.start(2);
        Post post = Post.over(office.store, next);
        post.peers().register(post.registration(ANN));
        post.mailbox(ANN).recover();
        Set<MessageId> found = new HashSet<>();
        post.mailbox(ANN)
                .claim(Budget.READ, Set.<RequestId>of()::contains)
                .messages()
                .forEach(claimed -> found.add(claimed.envelope().id()));
        Set<MessageId> lost = new HashSet<>(office.expected);
        lost.removeAll(found);
        // A deleted mailbox file is no message any more; its record still is.
        assertTrue(lost.isEmpty() || gone != null, () -> what + ": lost " + lost);
        for (MessageId id : found) {
            assertTrue(post.ledger(ANN).find(id).isPresent(), () -> what + ": " + id + " cannot be looked up");
        }
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void anyDirectoryMayBeALinkOrAFile(@ForAll int which, @ForAll boolean link) throws Exception {
        try (Office office = new Office()) {
            List<Path> directories = office.directories();
            Path directory = directories.get(Math.floorMod(which, directories.size()));
            Path elsewhere = office.temp.resolve("elsewhere");
            Files.move(directory, elsewhere);
            if (link) {
                Files.createSymbolicLink(directory, elsewhere);
            } else {
                Files.writeString(directory, "a file");
            }
            List<Path> before = contentOf(elsewhere);
            List<FileFinding> findings = new StoreCheck(office.store, office.self).check();
            assertTrue(
                    findings.stream().anyMatch(finding -> finding.file().equals(directory)),
                    () -> "not found: " + directory + " in " + findings);
            useAll(office);
            assertEquals(before, contentOf(elsewhere), "somebody went through the link");
            StoreCheck.Repair repair = new StoreCheck(office.store, office.self).repair();
            assertEquals(
                    List.of(),
                    repair.left().stream()
                            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                            .toList());
            assertEquals(before, contentOf(elsewhere), "a repair went through the link");
        }
    }

    /** A message, a record, a card, a question, a pointer…: nobody may wait for who writes into it. */
    @Example
    void pipesEverywhereBlockNobody() throws Exception {
        try (Office office = new Office()) {
            for (Path file : office.files()) {
                Damage.PIPE_INSTEAD.inflict(file, 0);
            }
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                useAll(office);
                new StoreCheck(office.store, office.self).repair();
                office.post.peers().register(office.post.registration(BEN));
                office.post.delivery().send(Letters.plain(BEN, BEN, "goes on"), Delivery.Ring.YES);
                assertEquals(
                        1,
                        office.post
                                .mailbox(BEN)
                                .claim(Budget.READ, Set.<RequestId>of()::contains)
                                .messages()
                                .size());
            });
        }
    }

    private static List<Path> contentOf(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }

    /** Every verb once; each may be refused, and none may do anything else. */
    private static void useAll(Office office) throws InterruptedException {
        Post post = office.post;
        List<Use> uses = List.of(
                () -> post.delivery().send(Letters.plain(BEN, ANN, "text"), Delivery.Ring.YES),
                () -> post.mailbox(ANN)
                        .claim(Budget.READ, Set.<RequestId>of()::contains)
                        .giveBack(Batch.Seen.NO),
                () -> post.mailbox(ANN).recover(),
                () -> post.peers().peersOf(Post.PROJECT),
                () -> post.asks(ANN).all(),
                () -> post.tracker().status(MessageId.create(Optional.empty()), BEN),
                () -> new StoreSweep(office.store, office.self, StoreSweep.KEEP_ENDED).sweep(Upkeep.Mode.REMOVE));
        for (Use use : uses) {
            try {
                use.run();
            } catch (IOException e) {
                office.events.add(e.toString());
            }
        }
    }

    private interface Use {
        void run() throws IOException, InterruptedException;
    }
}
