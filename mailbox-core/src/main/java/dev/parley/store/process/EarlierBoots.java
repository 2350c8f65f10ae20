package dev.parley.store.process;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows that a process of an earlier boot has ended, so that a lock is free and a session can be gone on with after a restart of
 * the machine.
 *
 * <p>Of a process of another boot no table can tell whether it lives: it may run on another machine that shares the store. Where
 * the store is on a file system that only one kernel mounts, and both boots' processes are of no container, that cannot be.
 */
final class EarlierBoots implements ProcessTable {

    /** File systems on a disk of one machine. */
    private static final Set<String> LOCAL =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs");

    /** The boot, and the inode that Linux gives the first space of process numbers. */
    private static final Pattern FIRST_SPACE = Pattern.compile("([0-9a-f]{12})n4026531836");

    private final ProcessTable table;

    /** The name of the store's file system: asked only where it matters, since all mounts are read for it. */
    private final Supplier<String> fileSystem;

    private EarlierBoots(ProcessTable table, Supplier<String> fileSystem) {
        this.table = table;
        this.fileSystem = fileSystem;
    }

    /** A table, for what is noted in a store. */
    static ProcessTable over(ProcessTable table, Path store) {
        return over(table, () -> typeOf(store));
    }

    /** The same, by the name of the store's file system. */
    static ProcessTable over(ProcessTable table, Supplier<String> fileSystem) {
        return new EarlierBoots(table, fileSystem);
    }

    /** Empty if that cannot be told: then it may be anybody's. */
    private static String typeOf(Path store) {
        try {
            return Files.getFileStore(store).type();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public ProcessIdentity self() {
        return table.self();
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return table.identify(pid);
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        Vitality vitality = table.vitality(process);
        return vitality == Vitality.UNKNOWN && isOver(process) ? Vitality.DEAD : vitality;
    }

    private boolean isOver(ProcessIdentity process) {
        Matcher its = FIRST_SPACE.matcher(process.scope());
        Matcher ours = FIRST_SPACE.matcher(table.self().scope());
        return its.matches()
                && ours.matches()
                && !its.group(1).equals(ours.group(1))
                && LOCAL.contains(fileSystem.get().toLowerCase(Locale.ROOT));
    }
}
