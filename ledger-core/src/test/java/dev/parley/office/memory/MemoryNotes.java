package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.peer.ClientNotes;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link ClientNotes} in memory. */
final class MemoryNotes implements ClientNotes {

    private final Memory memory;

    MemoryNotes(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Pointer sessionOf(ProcessIdentity client, Optional<Instant> since) {
        Optional<SessionId> session = pointedTo(client).filter(this::isThere);
        return new Pointer(
                session, session.isPresent() ? "a hook says so" : "no hook says so of a session that is there");
    }

    @Override
    public Optional<SessionId> pointedTo(ProcessIdentity client) {
        synchronized (memory) {
            return Optional.ofNullable(memory.pointers.get(client));
        }
    }

    private boolean isThere(SessionId session) {
        synchronized (memory) {
            return memory.find(session).isPresent();
        }
    }

    @Override
    public boolean isHeardFrom(SessionId session) {
        synchronized (memory) {
            return memory.find(session).flatMap(heard -> heard.said).isPresent();
        }
    }

    @Override
    public void noteHosted(ProcessIdentity process, SessionId session) {
        synchronized (memory) {
            List<SessionId> hosted = memory.hosted.computeIfAbsent(process, first -> new ArrayList<>());
            if (!hosted.contains(session)) {
                hosted.add(session);
            }
        }
    }

    @Override
    public List<SessionId> hostedBy(ProcessIdentity process) {
        synchronized (memory) {
            return memory.hosted.getOrDefault(process, List.of()).stream()
                    .sorted()
                    .toList();
        }
    }
}
