package dev.parley.store.mailbox;

import dev.parley.mailbox.Mailbox;
import dev.parley.store.Disk;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Bounds what a session keeps of mail that was shown. The server calls this whenever it proves a hand-over; the hook does
 * the same by itself, so however it got there it never stays beyond the limit. The ledger still has the messages.
 */
final class ShownClaims {

    private ShownClaims() {}

    /** Removes the oldest where there are too many. */
    static void prune(Maildir maildir) throws IOException {
        Path shown = maildir.shown();
        List<String> claims = maildir.claimsIn(shown);
        if (claims.size() <= Mailbox.MAX_SHOWN) {
            return;
        }
        record Aged(Path directory, long shownMillis) {}
        List<Aged> aged = new ArrayList<>();
        for (String claim : claims) {
            Path path = shown.resolve(claim);
            maildir.store()
                    .disk()
                    .stat(path)
                    .filter(stat -> stat.kind() == Disk.Kind.DIRECTORY)
                    .ifPresent(stat -> aged.add(new Aged(path, stat.changedMillis())));
        }
        aged.sort(Comparator.comparingLong(Aged::shownMillis));
        List<Aged> old = aged.subList(0, Math.max(0, aged.size() - Mailbox.MAX_SHOWN * 3 / 4));
        for (Aged aging : old) {
            remove(maildir, aging.directory());
        }
        maildir.store().trace().event(Event.SHOWN_PRUNED, Map.of("claims", old.size()));
    }

    private static void remove(Maildir maildir, Path shownClaim) throws IOException {
        Disk disk = maildir.store().disk();
        try {
            for (MessageName name : maildir.names(shownClaim)) {
                disk.deleteFile(shownClaim.resolve(name.toString()));
            }
            disk.deleteDirectory(shownClaim);
        } catch (NoSuchFileException e) {
            // Another process of this session prunes at the same time.
        }
    }
}
