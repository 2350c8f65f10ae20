package dev.parley.store.upkeep;

import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/** Where a repair puts what does not belong: {@code set-aside/<time>/}, under the path it had. Nothing is ever deleted. */
final class SetAside {

    static final String DIRECTORY = "set-aside";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Store store;
    private final Disk disk;
    private final Path root;
    private boolean used;

    SetAside(Store store) {
        this.store = store;
        this.disk = store.disk();
        this.root = store.home()
                .resolve(DIRECTORY)
                .resolve(TIME.format(store.clock().instant()));
    }

    /** Moves a file, a link or a whole directory away. */
    void move(Path file) throws IOException {
        Path relative = store.home().relativize(file);
        Path at = store.home().resolve(DIRECTORY);
        store.makeIfMissing(at);
        at = root;
        store.makeIfMissing(at);
        for (int part = 0; part < relative.getNameCount() - 1; part++) {
            at = at.resolve(relative.getName(part));
            store.makeIfMissing(at);
        }
        Path target = at.resolve(relative.getFileName());
        for (int copy = 2; disk.stat(target).isPresent(); copy++) {
            target = at.resolve(relative.getFileName() + "~" + copy);
        }
        disk.rename(file, target);
        disk.forceDirectory(at);
        used = true;
        store.trace().event(Event.SET_ASIDE, Map.of("file", file.toString(), "to", target.toString()));
    }

    /** Where everything went; empty if nothing had to go. */
    Optional<Path> directory() {
        return used ? Optional.of(root) : Optional.empty();
    }
}
