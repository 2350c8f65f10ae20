package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Envelope;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.lock.ModelLocks;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Program;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SystemCall;
import dev.parley.testing.World;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of a search that runs the real post office, and notes on the disk, in {@code /log}, what it was told: so that
 * the note is part of the state, and is there or not there after a death, as the knowledge of a real process would be.
 */
final class PostWorld implements ProcessTable {

    static final Path HOME = Path.of("/parley");
    static final Path LOG = Path.of("/log");

    /** Asks whether a process lives. */
    record Alive(int process) {}

    /** A random part of a name, that is not of a message's or a request's id. */
    private static final Pattern RANDOM = Pattern.compile("(?<![mq]-)(?<=[.-])[0-9a-hjkmnp-tv-z]{16}(?=$|[./])");

    /** A lock of one request or question is acquired, before which its holder did nothing. */
    private static final Pattern TAKING = Pattern.compile("/locks/~(work|told)-");

    private static final Pattern MESSAGE = Pattern.compile("(\\{\"v\":1,\"id\":\"m-[^\n]*)\n");

    /** The one file form of each message: rendering it again would choose other random marks. */
    private static final Map<String, String> CONTENT = new ConcurrentHashMap<>();

    /** What one process does. */
    @FunctionalInterface
    interface Work {
        Object run(PostWorld world) throws Exception;
    }

    /** A mistake in the code, made where it meets the kernel. */
    @FunctionalInterface
    interface Mutant {
        Reply call(SystemCall call, Kernel kernel);
    }

    private final World world;
    private final Mutant mutant;
    private boolean isCandidateMade;
    private boolean hasJustTaken;
    private String knows = "";
    private final Map<String, String> pseudonyms = new HashMap<>();
    private final Disk disk = new SimulatedDisk(this::call);

    private PostWorld(World world, Mutant mutant) {
        this.world = world;
        this.mutant = mutant;
    }

    /** A program that does this work once. */
    static Program program(World world, Work work) {
        return program(world, work, (call, kernel) -> kernel.call(call));
    }

    /** A program that makes a mistake. */
    static Program program(World world, Work work, Mutant mutant) {
        PostWorld post = new PostWorld(world, mutant);
        return round -> {
            post.pseudonyms.clear();
            post.isCandidateMade = false;
            post.hasJustTaken = false;
            post.knows = "";
            return work.run(post);
        };
    }

    /** No program at all, but work that is done before the search begins. */
    static Program programAfter(World world, Work before) {
        try {
            before.run(new PostWorld(world, (call, kernel) -> kernel.call(call)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return round -> "nothing";
    }

    /** A fresh view of the store: nothing is remembered from one run of the code to the next. */
    Post post() throws IOException {
        Store store = Store.over(HOME, disk, InstantSource.fixed(Instant.EPOCH), Trace.NONE);
        return Post.over(store, this, new Retention(1, PendingAsk.LIFE));
    }

    /** The work of a session, by a process that waits for a lock a few times at the most. */
    OpenWork work(Post post, SessionId owner) {
        return new FileOpenWork(post.store(), this, locks(post), owner);
    }

    /** The same of its questions. */
    PendingAsks asks(Post post, SessionId owner) {
        return new FilePendingAsks(post.store(), this, locks(post), owner);
    }

    /** Locks before which their holder did nothing else. */
    Locks locks(Post post) {
        // Whoever waits for one remembers its candidate, and for how long it has waited.
        return ModelLocks.of(
                post.store(),
                this,
                waits ->
                        world.settle("waits " + waits + " " + pseudonyms.size() + " " + isCandidateMade + " " + knows));
    }

    /** The same code must ask the same calls again, so what is random in them gets a name that is not. */
    private Reply call(SystemCall call) {
        if (hasJustTaken) {
            // Nothing is remembered of how the lock was taken but its token.
            hasJustTaken = false;
            world.settle("taken " + pseudonyms.size() + " " + knows);
        }
        Reply reply = mutant.call(settled(call), world.kernel());
        if (call.toString().contains("/locks/~")) {
            isCandidateMade = call instanceof SystemCall.MakeDirectory
                    || (isCandidateMade && !reply.equals(new Reply.Failed(Errno.ENOENT)));
        }
        hasJustTaken = call instanceof SystemCall.Rename rename
                && TAKING.matcher(rename.from().toString()).find()
                && !(reply instanceof Reply.Failed);
        return reply;
    }

    /** Notes what the process knows from before, for the searches that need to tell few places apart. */
    void knows(String what) {
        knows = what;
    }

    private SystemCall settled(SystemCall call) {
        if (call instanceof SystemCall.Write write) {
            Matcher message = MESSAGE.matcher(write.content());
            return message.find()
                    ? new SystemCall.Write(
                            write.handle(), 0, CONTENT.computeIfAbsent(message.group(1), id -> write.content()))
                    : call;
        } else if (call instanceof SystemCall.MakeDirectory make) {
            return new SystemCall.MakeDirectory(settled(make.path()));
        } else if (call instanceof SystemCall.OpenNew open) {
            return new SystemCall.OpenNew(settled(open.path()));
        } else if (call instanceof SystemCall.OpenTruncated open) {
            return new SystemCall.OpenTruncated(settled(open.path()));
        } else if (call instanceof SystemCall.OpenRead open) {
            return new SystemCall.OpenRead(settled(open.path()));
        } else if (call instanceof SystemCall.OpenDirectory open) {
            return new SystemCall.OpenDirectory(settled(open.path()));
        } else if (call instanceof SystemCall.Rename rename) {
            return new SystemCall.Rename(settled(rename.from()), settled(rename.to()));
        } else if (call instanceof SystemCall.Link link) {
            return new SystemCall.Link(settled(link.file()), settled(link.name()));
        } else if (call instanceof SystemCall.Unlink unlink) {
            return new SystemCall.Unlink(settled(unlink.path()));
        } else if (call instanceof SystemCall.RemoveDirectory remove) {
            return new SystemCall.RemoveDirectory(settled(remove.path()));
        } else if (call instanceof SystemCall.Look look) {
            return new SystemCall.Look(settled(look.path()));
        } else if (call instanceof SystemCall.Touch touch) {
            return new SystemCall.Touch(settled(touch.path()));
        }
        return call;
    }

    private Path settled(Path path) {
        return Path.of(RANDOM.matcher(path.toString())
                .replaceAll(random -> pseudonyms.computeIfAbsent(random.group(), any -> pseudonym())));
    }

    /** As long as a random part, and never taken for one: those have no "o" in them. */
    private String pseudonym() {
        String nonce = "p" + world.process() + world.nonce();
        return "o".repeat(16 - nonce.length()) + nonce;
    }

    // What the process was told.

    /** Sends, and notes that it was told so. */
    void send(Post post, Envelope envelope) throws IOException {
        post.delivery().send(envelope, Delivery.Ring.NO);
        note("sent", envelope.id().value());
    }

    /** Notes that a taker has them; a second taker must have been told. */
    void handed(Batch batch) throws IOException {
        for (Claimed claimed : batch.messages()) {
            MessageId id = claimed.envelope().id();
            try {
                disk.makeDirectory(LOG.resolve("handed." + id));
            } catch (FileAlreadyExistsException e) {
                if (!claimed.redelivered()) {
                    throw new AssertionError(id + " is handed over twice, and does not say so");
                }
            }
        }
    }

    /** Notes that nobody has seen them after all. */
    void notSeen(Batch batch) throws IOException {
        for (Claimed claimed : batch.messages()) {
            try {
                disk.deleteDirectory(LOG.resolve("handed." + claimed.envelope().id()));
            } catch (NoSuchFileException e) {
                throw new AssertionError(
                        "never noted as handed: " + claimed.envelope().id(), e);
            }
        }
    }

    void confirm(Batch batch) throws IOException {
        batch.confirm();
        for (Claimed claimed : batch.messages()) {
            note("shown", claimed.envelope().id().value());
        }
    }

    void note(String what, String id) throws IOException {
        try {
            disk.makeDirectory(LOG.resolve(what + "." + id));
        } catch (FileAlreadyExistsException e) {
            if (what.equals("sent")) {
                throw new AssertionError("sent twice: " + id, e);
            }
        }
    }

    /** All that was noted so far. */
    Set<String> told() throws IOException {
        return Set.copyOf(disk.list(LOG));
    }

    /** Forgets that something was noted. */
    void forget(String what, MessageId id) throws IOException {
        disk.deleteDirectory(LOG.resolve(what + "." + id));
    }

    /** Notes that somebody was told something that nobody is told twice. */
    void tell(String what) throws IOException {
        try {
            disk.makeDirectory(LOG.resolve("told." + what));
        } catch (FileAlreadyExistsException e) {
            throw new AssertionError("told twice: " + what, e);
        }
    }

    // The processes.

    @Override
    public ProcessIdentity self() {
        return identity(world.process());
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return Optional.of(identity((int) pid - 1));
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        if (process.pid() == world.process() + 1) {
            return Vitality.ALIVE;
        }
        return process.pid() > 8 ? Vitality.DEAD : (Vitality) world.ask(new Alive((int) process.pid() - 1));
    }

    private static ProcessIdentity identity(int process) {
        return new ProcessIdentity(process + 1, 1, "model");
    }

    /** The id of a message that is the same whenever it is made. */
    static MessageId messageId(int number) {
        return new MessageId("m-000000000000000" + number);
    }

    static SessionId session(String id) {
        return new SessionId(id);
    }
}
