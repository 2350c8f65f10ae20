package dev.parley.session;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.session.Identity.Clue;
import dev.parley.session.Identity.Source;
import java.io.IOException;
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

    Identity identity(ClientNotes notes) throws IOException {
        List<Clue> clues = new ArrayList<>();
        clues.add(new Clue(
                Source.CLAIM, claimed, claimed.isPresent() ? "pinned with claim_session" : "nothing was claimed"));
        clues.add(clientFile(notes));
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

    private Clue clientFile(ClientNotes notes) throws IOException {
        if (!client().equals(Peer.CLAUDE_CODE) || parent.isEmpty()) {
            return new Clue(Source.CLAUDE_CLIENT_FILE, Optional.empty(), "the client is not Claude Code");
        }
        ClientNotes.Pointer pointer = notes.sessionOf(parent.get(), parentSince);
        return new Clue(Source.CLAUDE_CLIENT_FILE, pointer.session(), pointer.evidence());
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
