package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.ClientNotes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The thread that a call names in its {@code _meta}, and before the first call the lock that Codex holds of it. */
final class CodexSessionIds implements SessionIdSource {

    private final View view;
    private volatile Optional<SessionId> thread = Optional.empty();

    /** Once it is known, it stays: the process holds the lock as long as its server lives. */
    private volatile Optional<CodexThread.Found> locked = Optional.empty();

    CodexSessionIds(View view) {
        this.view = view;
    }

    @Override
    public void threadSeen(SessionId id) {
        thread = Optional.of(id);
    }

    @Override
    public void look(PostOffice office) throws IOException {
        if (view.parent().isPresent() && thread.isEmpty() && locked.isEmpty()) {
            locked = new CodexThread(office, view.parent().get(), view.server()).find();
        }
    }

    @Override
    public boolean isUnprompted(SessionId id) {
        return locked.filter(found -> found.unprompted() && found.id().equals(id))
                .isPresent();
    }

    @Override
    public List<Clue> clues(ClientNotes notes) {
        return List.of(call(), lock());
    }

    @Override
    public List<Clue> cluesBelowAnother() {
        return List.of(call().withoutId(), lock().withoutId());
    }

    private Clue call() {
        return new Clue(
                "codex_thread",
                thread,
                thread.isPresent() ? "_meta.threadId of a call" : "no call has carried _meta.threadId yet",
                Clue.LASTS);
    }

    /** The one thread that its Codex process holds the lock of and no other server serves: known before any call. */
    private Clue lock() {
        return new Clue(
                "codex_lock",
                locked.map(CodexThread.Found::id),
                locked.isPresent() ? "the lock of its thread" : "no lock tells which thread it is",
                Clue.LASTS);
    }
}
