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
    private final Path root;
    private final OwnerToken token;
    private final List<Claimed> messages;
    private final int remaining;
    private Path directory;

    FileBatch(Store store, Path root, ClaimName claim, List<Claimed> messages, int remaining) {
        this.store = store;
        this.disk = store.disk();
        this.root = root;
        this.token = claim.token();
        this.messages = List.copyOf(messages);
        this.remaining = remaining;
        this.directory = root.resolve("cur").resolve(claim.toString());
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
        moveTo(root.resolve("cur"), new ClaimName(Phase.WRITTEN, token));
    }

    @Override
    public void confirm() throws IOException {
        Path shown = root.resolve("shown");
        moveTo(shown, new ClaimName(Phase.WRITTEN, token));
        prune(shown);
    }

    private void moveTo(Path parent, ClaimName name) throws IOException {
        if (messages.isEmpty()) {
            return;
        }
        Path target = parent.resolve(name.toString());
        try {
            disk.rename(directory, target);
        } catch (NoSuchFileException e) {
            // The session's mail was moved to a new id, or a hook has confirmed it: either way it is not ours to move.
            store.trace().event("claim-gone", Map.of("claim", directory.toString()));
        }
        directory = target;
    }

    @Override
    public void giveBack(Seen seen) throws IOException {
        if (!messages.isEmpty()) {
            putBack(disk, directory, root.resolve("new"), seen);
        }
    }

    /** Returns every message of a claim directory and removes it. Safe to repeat, and to run twice at once. */
    static int putBack(Disk disk, Path claim, Path waiting, Seen seen) throws IOException {
        List<String> entries;
        try {
            entries = disk.list(claim);
        } catch (NoSuchFileException e) {
            return 0;
        }
        int returned = 0;
        for (String entry : entries) {
            String name = seen == Seen.NO
                    ? entry
                    : MessageName.parse(entry).map(n -> n.marked().toString()).orElse(entry);
            try {
                disk.rename(claim.resolve(entry), waiting.resolve(name));
                returned++;
            } catch (NoSuchFileException e) {
                // Another recovery has it.
            }
        }
        FileMailbox.removeIfEmpty(disk, claim);
        return returned;
    }

    private void prune(Path shown) throws IOException {
        List<String> claims = disk.list(shown);
        if (claims.size() <= MAX_SHOWN_CLAIMS) {
            return;
        }
        record Aged(Path directory, long shownMillis) {}
        List<Aged> aged = new ArrayList<>();
        for (String claim : claims) {
            Path path = shown.resolve(claim);
            disk.stat(path).ifPresent(stat -> aged.add(new Aged(path, stat.changedMillis())));
        }
        aged.sort(Comparator.comparingLong(Aged::shownMillis));
        for (Aged old : aged.subList(0, aged.size() / 4)) {
            try {
                for (String name : disk.list(old.directory())) {
                    disk.deleteFile(old.directory().resolve(name));
                }
                disk.deleteDirectory(old.directory());
            } catch (NoSuchFileException e) {
                // Another server of this session prunes at the same time.
            }
        }
        store.trace().event("shown-pruned", Map.of("claims", aged.size() / 4));
    }
}
