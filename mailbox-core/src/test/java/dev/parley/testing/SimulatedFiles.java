package dev.parley.testing;

import dev.parley.store.Disk;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that does what POSIX says of each {@link SystemCall}, and that forgets in a power cut what was
 * not forced.
 *
 * <p>Several simulated processes share one; each has a {@link #kernel} of its own. An inode is named after the path it was
 * made at, so that two histories that lead to the same files lead to the same {@link #canonical} text. Safe for use by
 * several threads.
 */
public final class SimulatedFiles {

    /** Whether anybody will cut the power. */
    private enum Power {
        STEADY,
        MAY_FAIL
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Errno error;

        Refused(Errno error) {
            super(error.name(), null, false, false);
            this.error = error;
        }
    }

    private static final String ROOT = "/";

    private final Map<String, Inode> inodes = new HashMap<>();
    /** How often each process has each handle open: {@code process + ' ' + handle}. */
    private final TreeMap<String, Integer> open = new TreeMap<>();

    private final InstantSource clock;
    private final Power power;

    private SimulatedFiles(InstantSource clock, Power power) {
        this.clock = clock;
        this.power = power;
    }

    /** An empty disk whose time stands still, for a search: nothing is remembered that a power cut would need. */
    public static SimulatedFiles timeless() {
        return empty(InstantSource.fixed(Instant.EPOCH), Power.STEADY);
    }

    /** An empty disk with this clock, whose power may be cut. */
    public static SimulatedFiles empty(InstantSource clock) {
        return empty(clock, Power.MAY_FAIL);
    }

    private static SimulatedFiles empty(InstantSource clock, Power power) {
        SimulatedFiles files = new SimulatedFiles(clock, power);
        files.inodes.put(ROOT, Inode.directory(clock.millis()));
        return files;
    }

    /** An independent copy of everything, open handles too. */
    public synchronized SimulatedFiles copy() {
        SimulatedFiles copy = new SimulatedFiles(clock, power);
        inodes.forEach((name, inode) -> copy.inodes.put(name, inode.copy()));
        copy.open.putAll(open);
        return copy;
    }

    /** A disk on these files for a process that nothing happens to. */
    public SimulatedDisk disk() {
        return new SimulatedDisk(kernel("disk"));
    }

    /** The kernel as one process sees it. */
    public Kernel kernel(String process) {
        return call -> apply(process, call);
    }

    /** Carries out one call of a process. */
    public synchronized Reply apply(String process, SystemCall call) {
        try {
            return call.on(this, process);
        } catch (Refused e) {
            return new Reply.Failed(e.error);
        }
    }

    /** Closes all that a dead process had open. */
    public synchronized void exit(String process) {
        open.keySet().removeIf(key -> key.startsWith(process + " "));
    }

    /** Cuts the power: every process is dead, and of what was not forced only this survives. */
    public synchronized void cutPower(Surviving surviving) {
        if (power == Power.STEADY) {
            throw new IllegalStateException("a timeless disk does not remember what was forced");
        }
        open.clear();
        new TreeMap<>(inodes).values().forEach(inode -> inode.cutPower(surviving));
    }

    /** Everything there is, as text: equal texts are equal states. */
    public synchronized String canonical() {
        dropOrphans();
        return new TreeMap<>(inodes) + " " + open;
    }

    /** The content of one file; empty if there is none. */
    public synchronized Optional<String> content(Path file) {
        try {
            return Optional.of(inode(find(file)).content());
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    /** The path of every file, with its content, for messages and assertions. */
    public synchronized Map<String, String> tree() {
        TreeMap<String, String> tree = new TreeMap<>();
        addTo(tree, "", ROOT);
        return tree;
    }

    private void addTo(Map<String, String> tree, String path, String name) {
        Inode inode = inode(name);
        if (!inode.isDirectory()) {
            tree.put(path, inode.content());
            return;
        }
        if (inode.entries.isEmpty()) {
            tree.put(path + "/", "");
        }
        inode.entries.forEach((entry, child) -> addTo(tree, path + "/" + entry, child));
    }

    // The calls. Each is called by apply, under the lock.

    Reply makeDirectory(Path path) {
        make(path, Inode.directory(clock.millis()));
        return Reply.DONE;
    }

    Reply openNew(String process, Path path) {
        return opened(process, make(path, Inode.file(clock.millis())));
    }

    private String make(Path path, Inode inode) {
        Inode parent = parent(path);
        String name = name(path);
        if (parent.entries.containsKey(name)) {
            throw new Refused(Errno.EEXIST);
        }
        String made = path + "#1";
        if (inodes.containsKey(made)) {
            dropOrphans();
        }
        for (int copy = 2; inodes.containsKey(made); copy++) {
            made = path + "#" + copy;
        }
        inodes.put(made, inode);
        parent.entries.put(name, made);
        parent.modified(clock.millis());
        return made;
    }

    Reply openTruncated(String process, Path path) {
        String handle = find(path);
        Inode file = inode(handle);
        if (file.isDirectory()) {
            throw new Refused(Errno.EISDIR);
        }
        file.truncate();
        file.modified(clock.millis());
        return opened(process, handle);
    }

    Reply openRead(String process, Path path) {
        String handle = find(path);
        if (inode(handle).isDirectory()) {
            throw new Refused(Errno.EISDIR);
        }
        return opened(process, handle);
    }

    Reply openDirectory(String process, Path path) {
        String handle = find(path);
        if (!inode(handle).isDirectory()) {
            throw new Refused(Errno.ENOTDIR);
        }
        return opened(process, handle);
    }

    private Reply opened(String process, String handle) {
        open.merge(process + " " + handle, 1, Integer::sum);
        return new Reply.Text(handle);
    }

    Reply write(String handle, int offset, String content) {
        Inode file = inode(handle);
        file.write(offset, content);
        file.modified(clock.millis());
        return Reply.DONE;
    }

    Reply read(String handle) {
        return new Reply.Text(inode(handle).content());
    }

    Reply readNames(String handle) {
        return new Reply.Names(List.copyOf(inode(handle).entries.keySet()));
    }

    Reply force(String handle) {
        if (power == Power.MAY_FAIL) {
            inode(handle).force();
        }
        return Reply.DONE;
    }

    Reply close(String process, String handle) {
        open.computeIfPresent(process + " " + handle, (key, times) -> times == 1 ? null : times - 1);
        return Reply.DONE;
    }

    Reply rename(Path from, Path to) {
        Inode source = parent(from);
        String moved = find(from);
        Inode target = parent(to);
        @Nullable String replaced = target.entries.get(name(to));
        if (moved.equals(replaced)) {
            return Reply.DONE;
        }
        if (to.startsWith(from)) {
            throw new Refused(Errno.EINVAL);
        }
        if (replaced != null) {
            refuseUnlessReplaceable(inode(moved), inode(replaced));
        }
        source.entries.remove(name(from));
        target.entries.put(name(to), moved);
        source.modified(clock.millis());
        target.modified(clock.millis());
        inode(moved).changed(clock.millis());
        return Reply.DONE;
    }

    Reply link(Path file, Path name) {
        String linked = find(file);
        Inode inode = inode(linked);
        if (inode.isDirectory()) {
            throw new Refused(Errno.EPERM);
        }
        Inode parent = parent(name);
        if (parent.entries.putIfAbsent(name(name), linked) != null) {
            throw new Refused(Errno.EEXIST);
        }
        parent.modified(clock.millis());
        inode.changed(clock.millis());
        return Reply.DONE;
    }

    private static void refuseUnlessReplaceable(Inode moved, Inode replaced) {
        if (moved.isDirectory() && !replaced.isDirectory()) {
            throw new Refused(Errno.ENOTDIR);
        }
        if (!moved.isDirectory() && replaced.isDirectory()) {
            throw new Refused(Errno.EISDIR);
        }
        if (!replaced.entries.isEmpty()) {
            throw new Refused(Errno.ENOTEMPTY);
        }
    }

    Reply unlink(Path path) {
        if (inode(find(path)).isDirectory()) {
            throw new Refused(Errno.EISDIR);
        }
        remove(path);
        return Reply.DONE;
    }

    Reply removeDirectory(Path path) {
        Inode directory = inode(find(path));
        if (!directory.isDirectory()) {
            throw new Refused(Errno.ENOTDIR);
        }
        if (!directory.entries.isEmpty()) {
            throw new Refused(Errno.ENOTEMPTY);
        }
        remove(path);
        return Reply.DONE;
    }

    private void remove(Path path) {
        Inode parent = parent(path);
        parent.entries.remove(name(path));
        parent.modified(clock.millis());
    }

    Reply look(Path path) {
        Inode inode = inode(find(path));
        return new Reply.Seen(new Disk.Stat(
                inode.isDirectory() ? Disk.Kind.DIRECTORY : Disk.Kind.FILE,
                inode.content().length(),
                inode.modifiedMillis(),
                inode.changedMillis()));
    }

    Reply touch(Path path) {
        inode(find(path)).modified(clock.millis());
        return Reply.DONE;
    }

    Reply setTime(Path path, long millis) {
        inode(find(path)).modified(millis);
        return Reply.DONE;
    }

    // Names.

    private String find(Path path) {
        return find(names(path));
    }

    private String find(List<String> names) {
        String at = ROOT;
        for (String name : names) {
            Inode directory = inode(at);
            if (!directory.isDirectory()) {
                throw new Refused(Errno.ENOTDIR);
            }
            @Nullable String next = directory.entries.get(name);
            if (next == null) {
                throw new Refused(Errno.ENOENT);
            }
            at = next;
        }
        return at;
    }

    private Inode parent(Path path) {
        List<String> names = names(path);
        if (names.isEmpty()) {
            throw new Refused(Errno.EBUSY);
        }
        Inode directory = inode(find(names.subList(0, names.size() - 1)));
        if (!directory.isDirectory()) {
            throw new Refused(Errno.ENOTDIR);
        }
        return directory;
    }

    /** The names from the root down. By the text, since a {@link Path} works out its parts anew for each one. */
    static List<String> names(Path path) {
        String text = path.toString();
        if (!text.startsWith(ROOT)) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
        List<String> names = new ArrayList<>();
        for (int begin = 1; begin < text.length(); ) {
            int end = text.indexOf('/', begin);
            String name = text.substring(begin, end < 0 ? text.length() : end);
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("not a normal path: " + path);
            }
            names.add(name);
            begin += name.length() + 1;
        }
        return names;
    }

    /** The last of the names. */
    static String name(Path path) {
        String text = path.toString();
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private Inode inode(String name) {
        @Nullable Inode inode = inodes.get(name);
        if (inode == null) {
            throw new IllegalArgumentException("not open: " + name);
        }
        return inode;
    }

    /** An inode goes when it has no name, nobody has it open, and no power cut could bring its name back. */
    private void dropOrphans() {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(ROOT));
        open.keySet().forEach(key -> next.add(key.substring(key.indexOf(' ') + 1)));
        while (!next.isEmpty()) {
            String name = next.remove();
            if (reached.add(name)) {
                next.addAll(inode(name).children(power == Power.MAY_FAIL));
            }
        }
        if (reached.size() < inodes.size()) {
            inodes.keySet().retainAll(reached);
        }
    }
}
