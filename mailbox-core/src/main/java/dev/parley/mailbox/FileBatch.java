package dev.parley.mailbox;

import dev.parley.lock.OwnerToken;
import dev.parley.mailbox.ClaimName.Phase;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@link Batch} as a claim directory. Confirming is one rename of it, so it happens to the whole batch or not at all. */
final class FileBatch implements Batch {

    /** Beyond so many shown claims the oldest are removed, a quarter at a time. The ledger still has their messages. */
    private static final int MAX_SHOWN_CLAIMS = 256;

    private final Store store;
    private final Disk disk;
    private final Maildir maildir;
    private final OwnerToken token;
    private final List<Claimed> messages;
    private final int remaining;
    private Path directory;

    FileBatch(Maildir maildir, ClaimName claim, List<Claimed> messages, int remaining) {
        this.store = maildir.store();
        this.disk = store.disk();
        this.maildir = maildir;
        this.token = claim.token();
        this.messages = List.copyOf(messages);
        this.remaining = remaining;
        this.directory = maildir.claims().resolve(claim.toString());
    }

    @Override
    public List<Claimed> messages() {
        return messages;
    }

    @Override
    public int remaining() {
        return remaining;
    }

    @Override
    public void written() throws IOException {
        moveTo(maildir.claims());
    }

    @Override
    public void confirm() throws IOException {
        moveTo(maildir.shown());
        try {
            pruneShown();
        } catch (IOException e) {
            // They are confirmed; tidying up is the next one's to repeat.
            store.trace()
                    .event(
                            "shown-not-pruned",
                            Map.of("session", maildir.session().value(), "reason", e.toString()));
        }
    }

    private void moveTo(Path place) throws IOException {
        Path target = place.resolve(new ClaimName(Phase.WRITTEN, token).toString());
        if (messages.isEmpty() || directory.equals(target)) {
            return;
        }
        try {
            disk.rename(directory, target);
        } catch (NoSuchFileException e) {
            // A hook has confirmed it, or a restart of the session has taken it back: either way it is not ours to
            // move.
            store.trace().event("claim-gone", Map.of("claim", directory.toString()));
        }
        directory = target;
    }

    @Override
    public void giveBack(Seen seen) throws IOException {
        if (!messages.isEmpty()) {
            Recovery.putBack(maildir, directory, seen);
        }
    }

    private void pruneShown() throws IOException {
        Path shown = maildir.shown();
        List<String> claims = maildir.claimsIn(shown);
        if (claims.size() <= MAX_SHOWN_CLAIMS) {
            return;
        }
        record Aged(Path directory, long shownMillis) {}
        List<Aged> aged = new ArrayList<>();
        for (String claim : claims) {
            Path path = shown.resolve(claim);
            disk.stat(path)
                    .filter(stat -> stat.kind() == Disk.Kind.DIRECTORY)
                    .ifPresent(stat -> aged.add(new Aged(path, stat.changedMillis())));
        }
        aged.sort(Comparator.comparingLong(Aged::shownMillis));
        List<Aged> old = aged.subList(0, aged.size() / 4);
        for (Aged claim : old) {
            remove(claim.directory());
        }
        store.trace().event("shown-pruned", Map.of("claims", old.size()));
    }

    private void remove(Path claim) throws IOException {
        try {
            for (MessageName name : maildir.names(claim)) {
                disk.deleteFile(claim.resolve(name.toString()));
            }
            disk.deleteDirectory(claim);
        } catch (NoSuchFileException e) {
            // Another server of this session prunes at the same time.
        }
    }
}
