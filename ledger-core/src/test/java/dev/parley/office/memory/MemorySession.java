package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is kept under one id. */
final class MemorySession {

    /** A message on its way through the mailbox. */
    static final class Letter {
        final long stamp;
        final Envelope envelope;
        final Instant since;
        boolean redelivered;

        Letter(long stamp, Envelope envelope, Instant since) {
            this.stamp = stamp;
            this.envelope = envelope;
            this.since = since;
        }
    }

    /** Messages that one taker has, or had before they were proven shown. */
    static final class Claim {
        final ProcessIdentity taker;
        final List<Letter> letters;
        Instant since;

        Claim(ProcessIdentity taker, List<Letter> letters, Instant since) {
            this.taker = taker;
            this.letters = List.copyOf(letters);
            this.since = since;
        }
    }

    /** What the ledger has of one message. */
    static final class Recorded {
        final Envelope envelope;
        final Instant at;
        Optional<Rung> rung = Optional.empty();
        Optional<Instant> answered = Optional.empty();
        boolean isWithdrawn;
        /** The last change of its work; none as long as nobody has made one. */
        Optional<Work> work = Optional.empty();
        /** Of what its owner was told. */
        final Set<OpenWork.Edge> told = new HashSet<>();

        Recorded(Envelope envelope, Instant at) {
            this.envelope = envelope;
            this.at = at;
        }
    }

    /** Somebody who waits for an answer. */
    static final class Waiter {
        final RequestId requestId;
        final ProcessIdentity process;

        Waiter(RequestId requestId, ProcessIdentity process) {
            this.requestId = requestId;
            this.process = process;
        }
    }

    /** What is noted of a question. */
    static final class Notes {
        final Set<Edge> told = new HashSet<>();
        final Set<Integer> idle = new TreeSet<>();
    }

    /** What a client said last. */
    record Said(Activity activity, Instant at) {}

    final SessionId id;
    Optional<SessionId> movedTo = Optional.empty();
    Optional<Peer> card = Optional.empty();
    Optional<Said> said = Optional.empty();
    Instant rungAt;
    boolean isLedgerBroken;

    final Set<Letter> prepared = new HashSet<>();
    /** By stamp, which is the order of sending. */
    final TreeMap<Long, Letter> waiting = new TreeMap<>();

    final List<Claim> claims = new ArrayList<>();
    final List<Claim> shown = new ArrayList<>();
    final Map<MessageId, Recorded> ledger = new LinkedHashMap<>();
    final Map<RequestId, PendingAsk> asks = new LinkedHashMap<>();
    final Map<RequestId, Notes> notes = new LinkedHashMap<>();
    final List<Waiter> waiters = new ArrayList<>();
    final List<Claim> withdrawn = new ArrayList<>();
    /** How often anything of its questions has changed. */
    long changes;

    /** A session whose bell has just been made. */
    MemorySession(SessionId id, Instant now) {
        this.id = id;
        this.rungAt = now;
    }

    void store(Letter letter) {
        waiting.put(letter.stamp, letter);
    }

    /** Brings over what is addressed to an older id. */
    void takeAllOf(MemorySession older) {
        prepared.addAll(older.prepared);
        waiting.putAll(older.waiting);
        claims.addAll(older.claims);
        shown.addAll(older.shown);
        older.ledger.forEach(ledger::putIfAbsent);
        withdrawn.addAll(older.withdrawn);
        asks.putAll(older.asks);
        notes.putAll(older.notes);
        waiters.addAll(older.waiters);
        older.prepared.clear();
        older.waiting.clear();
        older.claims.clear();
        older.shown.clear();
        older.ledger.clear();
        older.withdrawn.clear();
        older.asks.clear();
        older.notes.clear();
        older.waiters.clear();
    }
}
