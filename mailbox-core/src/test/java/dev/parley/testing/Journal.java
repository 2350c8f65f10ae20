package dev.parley.testing;

import dev.parley.store.Disk;
import dev.parley.testing.SystemCall.Link;
import dev.parley.testing.SystemCall.MakeDirectory;
import dev.parley.testing.SystemCall.OpenDirectory;
import dev.parley.testing.SystemCall.OpenNew;
import dev.parley.testing.SystemCall.OpenRead;
import dev.parley.testing.SystemCall.OpenTruncated;
import dev.parley.testing.SystemCall.RemoveDirectory;
import dev.parley.testing.SystemCall.Rename;
import dev.parley.testing.SystemCall.Unlink;
import dev.parley.testing.SystemCall.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A file system with a journal, as ext4, XFS, Btrfs and APFS have one: what it forgets in a power cut.
 *
 * <p>A rename is one change: after a power cut the name is at its old place or at its new one, never at both or at none
 * ({@link SimulatedFiles#cutPower} knows no such bond). Forcing a directory keeps every change of its names so far, and
 * whatever these rest on: earlier changes of the same names, and the directories they are in. Nothing else is kept for
 * certain: not an older change elsewhere, not a file's content that was not forced, though its name was.
 */
public final class Journal {

    private static final class Node {
        final boolean directory;
        final Map<String, Node> children = new TreeMap<>();
        /** The changes that touched this directory's names, and the last one of each name. */
        final Set<Integer> changes = new TreeSet<>();

        final Map<String, Integer> lastOf = new HashMap<>();
        String content = "";
        String forced = "";

        Node(boolean directory) {
            this.directory = directory;
        }
    }

    /** A name that came to stand, or no longer stands, in a directory. */
    private record Edit(
            Node directory, String name, @Nullable Node now) {}

    /** What happens to names as a whole or not at all. */
    private static final class Change {
        final List<Edit> edits;
        final Set<Integer> restsOn = new TreeSet<>();
        boolean kept;

        Change(List<Edit> edits) {
            this.edits = edits;
        }
    }

    private final SimulatedFiles files;
    private final InstantSource clock;
    private final Node root = new Node(true);
    private final Map<Node, Integer> madeBy = new HashMap<>();
    private final Map<String, Node> handles = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** The journal of an empty disk. Only what goes through its kernels is in it. */
    public Journal(InstantSource clock) {
        this.clock = clock;
        this.files = SimulatedFiles.empty(clock);
    }

    /** The files as they are now. */
    public SimulatedFiles files() {
        return files;
    }

    /** The kernel as one process sees it. */
    public Kernel kernel(String process) {
        return call -> {
            synchronized (this) {
                Reply reply = files.apply(process, call);
                if (!(reply instanceof Reply.Failed)) {
                    note(call, reply);
                }
                return reply;
            }
        };
    }

    private void note(SystemCall call, Reply reply) {
        if (call instanceof MakeDirectory make) {
            link(make.path(), new Node(true));
        } else if (call instanceof OpenNew open) {
            Node file = new Node(false);
            link(open.path(), file);
            opened(reply, file);
        } else if (call instanceof OpenTruncated open) {
            Node file = find(open.path());
            file.content = "";
            opened(reply, file);
        } else if (call instanceof OpenRead open) {
            opened(reply, find(open.path()));
        } else if (call instanceof OpenDirectory open) {
            opened(reply, find(open.path()));
        } else if (call instanceof Write write) {
            Node file = handle(write.handle());
            StringBuilder content = new StringBuilder(file.content);
            content.replace(
                    write.offset(),
                    Math.min(content.length(), write.offset() + write.content().length()),
                    write.content());
            file.content = content.toString();
        } else if (call instanceof Rename rename) {
            Node from = parent(rename.from());
            Node moved = find(rename.from());
            Node to = parent(rename.to());
            @Nullable Node replaced = to.children.get(name(rename.to()));
            List<Edit> edits =
                    List.of(new Edit(from, name(rename.from()), null), new Edit(to, name(rename.to()), moved));
            change(edits, replaced);
        } else if (call instanceof Link linked) {
            Node named = find(linked.file());
            change(List.of(new Edit(parent(linked.name()), name(linked.name()), named)), null);
        } else if (call instanceof Unlink unlink) {
            remove(unlink.path());
        } else if (call instanceof RemoveDirectory remove) {
            remove(remove.path());
        } else if (call instanceof SystemCall.Force force) {
            force(handle(force.handle()));
        }
    }

    private void opened(Reply reply, Node node) {
        if (reply instanceof Reply.Text text) {
            handles.put(text.text(), node);
        }
    }

    private Node handle(String handle) {
        @Nullable Node node = handles.get(handle);
        if (node == null) {
            throw new IllegalStateException("a handle that was opened past the journal: " + handle);
        }
        return node;
    }

    private void link(Path path, Node node) {
        change(List.of(new Edit(parent(path), name(path), node)), null);
        madeBy.put(node, changes.size() - 1);
    }

    private void remove(Path path) {
        change(List.of(new Edit(parent(path), name(path), null)), find(path));
    }

    private void change(List<Edit> edits, @Nullable Node gone) {
        Change change = new Change(edits);
        int number = changes.size();
        changes.add(change);
        for (Edit edit : edits) {
            change.restsOn.addAll(
                    edit.directory.lastOf.containsKey(edit.name)
                            ? Set.of(edit.directory.lastOf.get(edit.name))
                            : Set.of());
            @Nullable Integer made = madeBy.get(edit.directory);
            if (made != null) {
                change.restsOn.add(made);
            }
            if (edit.now == null) {
                edit.directory.children.remove(edit.name);
            } else {
                edit.directory.children.put(edit.name, edit.now);
            }
            edit.directory.lastOf.put(edit.name, number);
            edit.directory.changes.add(number);
        }
        if (gone != null) {
            // A directory must be empty before it can go.
            change.restsOn.addAll(gone.changes);
        }
    }

    private void force(Node node) {
        if (node.directory) {
            node.changes.forEach(this::keep);
        } else {
            node.forced = node.content;
        }
    }

    private void keep(int number) {
        Change change = changes.get(number);
        if (!change.kept) {
            change.kept = true;
            change.restsOn.forEach(this::keep);
        }
    }

    /** The disk as it is found after a power cut now. May be asked once only: what survives is taken as forced. */
    public synchronized SimulatedFiles cutPower(Surviving surviving) throws IOException {
        for (int number = 0; number < changes.size(); number++) {
            if (!changes.get(number).kept && surviving.unforcedName()) {
                keep(number);
            }
        }
        Map<Node, Map<String, Node>> left = new HashMap<>();
        for (Change change : changes) {
            if (change.kept) {
                change.edits.forEach(edit -> {
                    Map<String, Node> names = left.computeIfAbsent(edit.directory, any -> new TreeMap<>());
                    if (edit.now == null) {
                        names.remove(edit.name);
                    } else {
                        names.put(edit.name, edit.now);
                    }
                });
            }
        }
        SimulatedFiles found = SimulatedFiles.empty(clock);
        write(found.disk(), Path.of("/"), root, left, new HashMap<>(), surviving);
        return found;
    }

    private static void write(
            Disk disk,
            Path at,
            Node directory,
            Map<Node, Map<String, Node>> left,
            Map<Node, Path> written,
            Surviving surviving)
            throws IOException {
        for (Map.Entry<String, Node> entry :
                left.getOrDefault(directory, Map.of()).entrySet()) {
            Path path = at.resolve(entry.getKey());
            Node node = entry.getValue();
            if (node.directory) {
                disk.makeDirectory(path);
                write(disk, path, node, left, written, surviving);
            } else if (written.containsKey(node)) {
                disk.link(written.get(node), path);
            } else {
                written.put(node, path);
                String content = node.content.equals(node.forced)
                        ? node.content
                        : surviving.unforcedContent(node.forced, node.content);
                disk.createFile(path, content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), Disk.Sync.FORCED);
            }
        }
        disk.forceDirectory(at);
    }

    private Node find(Path path) {
        return find(path, SimulatedFiles.names(path));
    }

    private Node parent(Path path) {
        List<String> names = SimulatedFiles.names(path);
        return find(path, names.subList(0, names.size() - 1));
    }

    private Node find(Path path, List<String> names) {
        Node at = root;
        for (String name : names) {
            @Nullable Node next = at.children.get(name);
            if (next == null) {
                throw new IllegalStateException("the journal has no " + path);
            }
            at = next;
        }
        return at;
    }

    private static String name(Path path) {
        return SimulatedFiles.name(path);
    }
}
