package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.peer.ClientNotes;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link ClientNotes} in memory, where no hook has ever noted which session a process runs. */
final class MemoryNotes implements ClientNotes {

    private final Memory memory;

    MemoryNotes(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Pointer sessionOf(ProcessIdentity client, Optional<Instant> since) {
        return new Pointer(Optional.empty(), "no hook has run there");
    }

    @Override
    public Optional<SessionId> pointedTo(ProcessIdentity client) {
        return Optional.empty();
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
