package dev.parley.session;

import dev.parley.lock.ProcessIdentity;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.peer.CardCodec;
import dev.parley.peer.Peer;
import dev.parley.session.Identity.Clue;
import dev.parley.session.Identity.Source;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this server process can see of the session it belongs to: its environment, its parent, and what calls tell.
 *
 * <p>What the two clients were seen to provide is in {@code docs/CLIENTS.md}. Safe for use by several threads.
 */
final class Surroundings {

    private static final String CLAUDE_SESSION = "CLAUDE_CODE_SESSION_ID";

    /** The scope of processes where the system has no {@code /proc}: there a hook knows no start times. */
    private static final String NO_PROC = "local";

    /** Start times and file times come from different clocks of one machine; process numbers are not reused so soon. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final Map<String, String> environment;
    private final ProcessTable processes;
    private final Optional<ProcessIdentity> parent;
    private final Optional<Instant> parentSince;
    private final SessionId provisional = new SessionId(Peer.MADE_UP + Ids.random());
    private volatile Optional<SessionId> claimed = Optional.empty();
    private volatile Optional<SessionId> thread = Optional.empty();

    /** Once it is known, it stays: the process holds the lock as long as this server lives. */
    private volatile Optional<CodexThread.Found> locked = Optional.empty();

    private volatile String clientName = "";

    Surroundings(Map<String, String> environment, ProcessTable processes) {
        this.environment = environment;
        this.processes = processes;
        Optional<ProcessHandle> handle = ProcessHandle.current().parent();
        this.parent = handle.flatMap(process -> processes.identify(process.pid()));
        this.parentSince = handle.flatMap(process -> process.info().startInstant());
    }

    void clientSaid(String name) {
        clientName = name;
    }

    /** Codex says on every call to which thread it belongs. A text that is no id is not one. */
    void threadSeen(String threadId) {
        if (SessionId.isValid(threadId)) {
            thread = Optional.of(new SessionId(threadId));
        }
    }

    void claim(SessionId id) {
        claimed = Optional.of(id);
    }

    boolean isClaimed() {
        return claimed.isPresent();
    }

    /** Looks for the thread that this server was started for, unless it is known. */
    void lookForThread(PostOffice office) throws IOException {
        if (client().equals(Peer.CODEX) && parent.isPresent() && thread.isEmpty() && locked.isEmpty()) {
            locked = new CodexThread(office, parent.get(), server()).find();
        }
    }

    /** Whether this is a session of Codex that waits for its first prompt, with which its hooks begin to tell what it does. */
    boolean isUnprompted(SessionId id) {
        return locked.filter(found -> found.unprompted() && found.id().equals(id))
                .isPresent();
    }

    boolean isProvisional(SessionId id) {
        return id.equals(provisional);
    }

    /** Which client this is, see {@link Peer#client}. */
    String client() {
        if (clientName.startsWith("codex")) {
            return Peer.CODEX;
        }
        if (clientName.equals(Peer.CLAUDE_CODE) || (clientName.isEmpty() && environment.containsKey(CLAUDE_SESSION))) {
            return Peer.CLAUDE_CODE;
        }
        return clientName.isEmpty() ? "unknown" : shorten(clientName);
    }

    private static String shorten(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._ -]", "?");
        return plain.length() <= 60 ? plain : plain.substring(0, 60);
    }

    /**
     * The client's process: our parent. For other clients than these two it may be any shell or wrapper, which would say
     * nothing of the session's life.
     */
    Optional<ProcessIdentity> clientProcess() {
        boolean known = client().equals(Peer.CLAUDE_CODE) || client().equals(Peer.CODEX);
        return known ? parent : Optional.empty();
    }

    ProcessIdentity server() {
        return processes.self();
    }

    Identity identity(Store store) throws IOException {
        List<Clue> clues = new ArrayList<>();
        clues.add(new Clue(
                Source.CLAIM, claimed, claimed.isPresent() ? "pinned with claim_session" : "nothing was claimed"));
        clues.add(clientFile(store));
        clues.add(claudeEnvironment());
        clues.add(new Clue(
                Source.CODEX_THREAD,
                client().equals(Peer.CODEX) ? thread : Optional.empty(),
                thread.isPresent() ? "_meta.threadId of a call" : "no call has carried _meta.threadId yet"));
        clues.add(new Clue(
                Source.CODEX_LOCK,
                locked.map(CodexThread.Found::id),
                locked.isPresent() ? "the lock of its thread" : "no lock tells which thread it is"));
        clues.add(new Clue(Source.PROVISIONAL, Optional.of(provisional), "made when this server started"));
        return new Identity(clues);
    }

    private Clue clientFile(Store store) throws IOException {
        if (!client().equals(Peer.CLAUDE_CODE) || parent.isEmpty()) {
            return new Clue(Source.CLAUDE_CLIENT_FILE, Optional.empty(), "the client is not Claude Code");
        }
        ProcessIdentity client = parent.get();
        Path file = store.clients().resolve(client.toString());
        if (!store.disk().isAbsent(file)) {
            return clientFile(store, file, id -> true);
        }
        Path undated = store.clients().resolve(client.pid() + ".0.0");
        Path plain = store.clients().resolve(Long.toString(client.pid()));
        if (client.start() != 0
                && !client.scope().equals(NO_PROC)
                && !store.disk().isAbsent(plain)) {
            return clientFile(
                    store, plain, id -> !isOfAnEarlierProcess(store, plain) && isOfOurClient(store, id, client));
        }
        if (client.scope().equals(NO_PROC) && !store.disk().isAbsent(undated)) {
            return clientFile(store, undated, id -> !isOfAnEarlierProcess(store, undated));
        }
        return new Clue(
                Source.CLAUDE_CLIENT_FILE, Optional.empty(), file + " is absent: no hook of ours has run there");
    }

    /** Whether a session that a pointer names is that of the client that asks. */
    private interface Proof {
        boolean holds(SessionId id) throws IOException;
    }

    /**
     * Hooks before this one named the file after the number alone, which the client in another container has as well: there the
     * card of the session that is named has to be of this very process, or of one that has ended.
     */
    private boolean isOfOurClient(Store store, SessionId id, ProcessIdentity client) throws IOException {
        try {
            Path card = store.card(id);
            return CardCodec.decode(card, store.disk().readFile(card, CardCodec.MAX_BYTES), id)
                    .process()
                    .filter(process -> process.equals(client) || processes.vitality(process) == Vitality.DEAD)
                    .isPresent();
        } catch (CorruptFileException | NoSuchFileException e) {
            return false;
        }
    }

    private Clue clientFile(Store store, Path file, Proof proof) throws IOException {
        try {
            Optional<SessionId> id = store.idIn(file);
            if (id.isPresent() && !store.hasDirectory(store.session(id.get()))) {
                // A hook makes a session before it points to it, so this is a damaged id that looks like one.
                id = Optional.empty();
            }
            if (id.isPresent() && !proof.holds(id.get())) {
                return new Clue(
                        Source.CLAUDE_CLIENT_FILE,
                        Optional.empty(),
                        file + " is another client's, of before or in another container, with the same process number");
            }
            return new Clue(
                    Source.CLAUDE_CLIENT_FILE,
                    id,
                    id.isPresent() ? file.toString() : file + " holds no id of a session");
        } catch (CorruptFileException e) {
            return new Clue(Source.CLAUDE_CLIENT_FILE, Optional.empty(), file + " holds no id of a session");
        } catch (NoSuchFileException e) {
            return new Clue(Source.CLAUDE_CLIENT_FILE, Optional.empty(), file + " has just gone");
        } catch (IOException e) {
            if (store.disk()
                    .stat(file)
                    .filter(stat -> stat.kind() == Disk.Kind.FILE)
                    .isPresent()) {
                throw e;
            }
            return new Clue(Source.CLAUDE_CLIENT_FILE, Optional.empty(), file + " is no file");
        }
    }

    /** After a restart of the machine, or in a container, another process soon has the same number. */
    private boolean isOfAnEarlierProcess(Store store, Path file) throws IOException {
        Optional<Instant> written = store.disk().stat(file).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
        return written.isPresent()
                && parentSince.isPresent()
                && written.get().isBefore(parentSince.get().minus(CLOCKS_DIFFER));
    }

    private Clue claudeEnvironment() {
        String value = environment.getOrDefault(CLAUDE_SESSION, "");
        boolean usable = client().equals(Peer.CLAUDE_CODE) && SessionId.isValid(value);
        return new Clue(
                Source.CLAUDE_ENVIRONMENT,
                usable ? Optional.of(new SessionId(value)) : Optional.empty(),
                value.isEmpty() ? CLAUDE_SESSION + " is not set" : CLAUDE_SESSION + "=" + shorten(value));
    }
}
