package dev.parley.session;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.Clue;
import dev.parley.client.SessionIdSource;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this server process can see of the session it belongs to: its environment, its parent, and what calls tell.
 *
 * <p>What the clients were seen to provide is in {@code docs/CLIENTS.md}. Safe for use by several threads.
 */
final class Surroundings {

    private final Map<String, String> environment;
    private final ProcessTable processes;
    private final Optional<ProcessIdentity> parent;

    /** What each client that is known would go by. */
    private final Map<Client, SessionIdSource> sources = new LinkedHashMap<>();

    private final SessionId provisional = new SessionId(Peer.MADE_UP + Ids.random());
    private volatile Optional<SessionId> claimed = Optional.empty();
    private volatile String clientName = "";

    Surroundings(Map<String, String> environment, ProcessTable processes) {
        this.environment = environment;
        this.processes = processes;
        Optional<ProcessHandle> handle = ProcessHandle.current().parent();
        this.parent = handle.flatMap(process -> processes.identify(process.pid()));
        SessionIdSource.View view = new SessionIdSource.View(
                environment,
                processes.self(),
                parent,
                handle.flatMap(process -> process.info().startInstant()));
        Clients.known().forEach(client -> sources.put(client, client.sessionIds(view)));
    }

    void clientSaid(String name) {
        clientName = name;
    }

    /** A client may say on every call to which thread it belongs. A text that is no id is not one. */
    void threadSeen(String threadId) {
        if (SessionId.isValid(threadId)) {
            sources.values().forEach(source -> source.threadSeen(new SessionId(threadId)));
        }
    }

    void claim(SessionId id) {
        claimed = Optional.of(id);
    }

    boolean isClaimed() {
        return claimed.isPresent();
    }

    /** Searches for the session that this server was started for, unless it is known. */
    void lookForId(PostOffice office) throws IOException {
        source().look(office);
    }

    /** Whether this session waits for its first prompt, with which its hooks begin to tell what it does. */
    boolean isUnprompted(SessionId id) {
        return source().isUnprompted(id);
    }

    private SessionIdSource source() {
        return sources.getOrDefault(client(), SessionIdSource.NONE);
    }

    boolean isProvisional(SessionId id) {
        return id.equals(provisional);
    }

    /** Which client this is. */
    Client client() {
        return Clients.of(clientName, environment);
    }

    /** The client's process, where that is the parent. */
    Optional<ProcessIdentity> clientProcess() {
        return client().startsItsServers() ? parent : Optional.empty();
    }

    /** What can be seen of the client's program from here. */
    Binding seenOfClient() {
        return clientProcess()
                .map(process -> client().seen(process.pid(), environment))
                .orElse(Binding.NONE);
    }

    /** The address that was made for this session before it was there; empty if none was, or it is not known which session it is. */
    Optional<SessionId> begunAs(SessionId id) {
        return isProvisional(id)
                ? Optional.empty()
                : clientProcess().flatMap(process -> client().begunAs(process.pid()));
    }

    ProcessIdentity server() {
        return processes.self();
    }

    Identity identity(ClientNotes notes) throws IOException {
        Clue claim = new Clue(
                "claim",
                claimed,
                claimed.isPresent() ? "pinned with claim_session" : "nothing was claimed",
                Clue.LASTS);
        Client client = client();
        List<Clue> told = new ArrayList<>();
        for (Map.Entry<Client, SessionIdSource> each : sources.entrySet()) {
            told.addAll(
                    each.getKey().equals(client)
                            ? each.getValue().clues(notes)
                            : each.getValue().cluesBelowAnother());
        }
        Clue made = new Clue(
                "provisional",
                Optional.of(provisional),
                "made when this server started",
                "this address lasts as long as this server; claim_session with an id of your choice makes it"
                        + " survive a restart");
        return new Identity(claim, told, made);
    }
}
