package dev.parley.store.ledger;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.mailbox.Budget;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Letters;
import dev.parley.testing.Timing;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a send costs beside a long ledger and beside a short one, in pairs, so that both see the same noise. */
@Tag("slow")
final class SendCostTest {

    private static final int PAIRS = 600;
    private static final SessionId SENDER = new SessionId("sender");
    private static final SessionId LONG = new SessionId("long");
    private static final SessionId SHORT = new SessionId("short");

    @TempDir
    Path temp;

    private Post post;

    private void open(Durability durability) throws IOException, InterruptedException {
        Store store = Store.open(temp.resolve(durability.name()), durability, Trace.NONE);
        post = Post.over(store, LocalProcessTable.INSTANCE);
        post.peers().register(post.registration(LONG));
        post.peers().register(post.registration(SHORT));
        for (int i = 0; i < 1000; i++) {
            post.ledger(LONG).record(Letters.plain(SENDER, LONG, "message " + i));
        }
    }

    private long nanosToSend(SessionId to) throws IOException {
        long start = System.nanoTime();
        post.delivery().send(Letters.plain(SENDER, to, "text"), Delivery.Ring.YES);
        return System.nanoTime() - start;
    }

    @Test
    void aSendBesideAThousandRecordsCostsWhatItCostsBesideNone() throws Exception {
        for (Durability durability : Durability.values()) {
            open(durability);
            long[] beside1000 = new long[PAIRS];
            long[] besideNone = new long[PAIRS];
            for (int pair = 0; pair < PAIRS; pair++) {
                if (pair % 20 == 0) {
                    readAll();
                    forget();
                }
                if (pair % 2 == 0) {
                    beside1000[pair] = nanosToSend(LONG);
                    besideNone[pair] = nanosToSend(SHORT);
                } else {
                    besideNone[pair] = nanosToSend(SHORT);
                    beside1000[pair] = nanosToSend(LONG);
                }
            }
            compare(durability, beside1000, besideNone);
        }
    }

    private void readAll() throws IOException {
        for (SessionId session : List.of(LONG, SHORT)) {
            post.mailbox(session)
                    .claim(Budget.READ, Set.<RequestId>of()::contains)
                    .confirm();
        }
    }

    /** The short ledger stays short. */
    private void forget() throws IOException {
        Path ledger = post.store().ledger(SHORT);
        for (String name : post.store().disk().list(ledger)) {
            post.store().disk().deleteFile(ledger.resolve(name));
        }
    }

    private static void compare(Durability durability, long[] beside1000, long[] besideNone) {
        long mean1000 = Arrays.stream(beside1000).sum() / PAIRS;
        long meanNone = Arrays.stream(besideNone).sum() / PAIRS;
        Arrays.sort(beside1000);
        Arrays.sort(besideNone);
        double ratio = (double) beside1000[PAIRS / 2] / besideNone[PAIRS / 2];
        System.out.printf(
                "MEASURED a send, %s: median %.2f ms beside 1000 records, %.2f ms beside none (x %.2f); mean %.2f and %.2f ms%n",
                durability,
                beside1000[PAIRS / 2] / 1e6,
                besideNone[PAIRS / 2] / 1e6,
                ratio,
                mean1000 / 1e6,
                meanNone / 1e6);
        Timing.assertHolds(ratio < 1.3 && ratio > 0.7, "the ledger's size is felt: " + ratio);
    }
}
