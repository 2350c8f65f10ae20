package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.ANN;
import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.HERE;
import static dev.parley.store.remote.TwoHosts.THERE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ledger.Retention;
import dev.parley.remote.Intake;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps mail to other machines from becoming dearer unseen, by counts of the disk's verbs, which no noise changes. A send within the
 * machine forces one file and two directories: {@code SendGuardTest}.
 */
final class RemoteMailGuardTest {

    private static final int SENDS = 40;
    private static final String EPOCH = "0123456789abcdef";

    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private FileOutbox outbox;
    private FileIntake intake;
    private FileRemoteCards cards;
    private Path elsewhere;

    @BeforeEach
    void open(@TempDir Path temp) throws IOException {
        Disk disk = CountedDisk.byVerb(Disk.local(Durability.POWER_CUT), verbs);
        Store store = Store.over(Files.createDirectory(temp.resolve("home")), disk, InstantSource.system(), Trace.NONE);
        Locks locks = new Locks(store, LocalProcessTable.INSTANCE);
        store.makeSession(BEN);
        cards = new FileRemoteCards(store);
        elsewhere = store.home().resolve(FileRemoteCards.DIRECTORY);
        outbox = new FileOutbox(store, locks);
        intake = new FileIntake(
                store,
                locks,
                new Mailboxes(store, LocalProcessTable.INSTANCE),
                new Ledgers(store, LocalProcessTable.INSTANCE, Retention.DEFAULT));
    }

    private void put() throws IOException, InterruptedException {
        outbox.put(THERE, Letters.plain(ANN, BEN, "x".repeat(1024)));
    }

    private double each(String verb) {
        return (double) verbs.getOrDefault(verb, 0) / SENDS;
    }

    @Test
    void aPutForcesOneFileAndOneDirectory() throws Exception {
        put();
        verbs.clear();
        for (int i = 0; i < SENDS; i++) {
            put();
        }
        assertEquals(1, each("overwriteFile"), "files forced");
        assertEquals(1, each("forceDirectory"), "directories forced");
        assertEquals(0, each("createFile"), "files forced besides");
        assertEquals(2, each("rename"), "the lock, and the message out of it");
        assertTrue(each("list") <= 2, () -> "the lock, and the pair, listed: " + verbs);
        assertTrue(each("readFile") <= 1, () -> "the head read: " + verbs);
        assertTrue(each("stat") + each("kind") + each("isAbsent") <= 5, () -> "looks at names: " + verbs);
    }

    /** Each send asks for all of it, more than once. */
    @Test
    void whatIsKnownOfOthersIsReadOnceForAsLongAsItIsTheSame() throws Exception {
        Host host = new Host(THERE, Instant.EPOCH, false);
        cards.keepHosts(List.of(host));
        cards.keepLink(new Link(true, Instant.EPOCH, Optional.empty()));
        Files.setLastModifiedTime(elsewhere, FileTime.from(Instant.now().minusSeconds(2)));
        verbs.clear();
        lookAtOthers();
        assertEquals(2, verbs.get("readFile"), "the hosts, and the connection");
        verbs.clear();
        lookAtOthers();
        assertEquals(Map.of("modifiedMillis", 3), verbs);
        cards.keepHosts(List.of());
        assertEquals(List.of(), cards.hosts());
    }

    private void lookAtOthers() throws IOException {
        assertEquals(List.of(), cards.of("0123456789abcdef0123"));
        assertEquals(1, cards.hosts().size());
        assertTrue(cards.link().isUp());
    }

    private static List<Parcel> arriving() {
        List<Parcel> parcels = new ArrayList<>();
        for (int number = 1; number <= FileIntake.MOST; number++) {
            Optional<Parcel> before =
                    parcels.isEmpty() ? Optional.empty() : Optional.of(parcels.get(parcels.size() - 1));
            parcels.add(new Parcel(
                    new Pair(HERE, ANN.value(), BEN.value()),
                    EPOCH,
                    number,
                    0,
                    before.map(parcel -> parcel.envelope().id()),
                    Letters.plain(ANN, BEN, "x".repeat(1024))));
        }
        return parcels;
    }

    @Test
    void whatIsTakenInAtOnceForcesLittleMoreThanSendsWithinTheMachine() throws Exception {
        List<Parcel> parcels = arriving();
        verbs.clear();
        List<Intake.Outcome> outcomes = intake.take(parcels);
        int number = 0;
        for (Intake.Outcome outcome : outcomes) {
            Receipt receipt = assertInstanceOf(Intake.Stored.class, outcome).receipt();
            assertEquals(++number, receipt.number());
        }
        assertEquals(FileIntake.MOST, number);
        assertEquals(FileIntake.MOST, verbs.get("createFile"), "stages forced");
        assertEquals(1, verbs.get("overwriteFile"), "the state forced");
        // The ledger and the mailbox for each; before and behind the commit; the new directory's parents.
        assertEquals(2 * FileIntake.MOST + 4, verbs.get("forceDirectory"), "directories forced");

        verbs.clear();
        assertInstanceOf(Intake.Known.class, intake.take(parcels.get(2)));
        assertEquals(null, verbs.get("forceDirectory"));
        assertEquals(1, verbs.get("readFile"), "the state, and none of the stages");
    }

    /** The second is told apart by the ledger, which has to have the first by then. */
    @Test
    void oneMessageTwiceIsShownOnce() throws Exception {
        List<Parcel> two = arriving().subList(0, 2);
        Parcel one = two.get(0);
        Parcel again = new Parcel(
                one.pair(), EPOCH, 3, 0, Optional.of(two.get(1).envelope().id()), one.envelope());
        verbs.clear();
        List<Intake.Outcome> outcomes = intake.take(List.of(one, two.get(1), again));
        assertEquals(3, outcomes.size());
        outcomes.forEach(outcome -> assertInstanceOf(Intake.Stored.class, outcome));
        assertEquals(2, verbs.get("link"), "records");
        assertEquals(2, verbs.get("createFile"), "stages");
    }

    @Test
    void whatIsOfSeveralPairsIsNotTakenInAtOnce() {
        Parcel one = arriving().get(0);
        Parcel other = new Parcel(one.pair(), EPOCH.replace('0', '1'), 1, 0, Optional.empty(), one.envelope());
        assertThrows(IllegalArgumentException.class, () -> intake.take(List.of(one, other)));
    }
}
