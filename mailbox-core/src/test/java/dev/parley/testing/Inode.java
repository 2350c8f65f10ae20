package dev.parley.testing;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A file or directory of {@link SimulatedFiles}: what it is now, and what of it a power cut cannot take. */
final class Inode {

    /** What stands under each name; empty for a file. Values are names of inodes. */
    final TreeMap<String, String> entries;

    final TreeMap<String, String> forcedEntries;

    private final boolean directory;
    private String content = "";
    private String forcedContent = "";
    private long modifiedMillis;
    private long changedMillis;

    private Inode(boolean directory, Map<String, String> entries, Map<String, String> forcedEntries) {
        this.directory = directory;
        this.entries = new TreeMap<>(entries);
        this.forcedEntries = new TreeMap<>(forcedEntries);
    }

    static Inode directory(long now) {
        return made(true, now);
    }

    static Inode file(long now) {
        return made(false, now);
    }

    private static Inode made(boolean directory, long now) {
        Inode inode = new Inode(directory, Map.of(), Map.of());
        inode.modified(now);
        return inode;
    }

    Inode copy() {
        Inode copy = new Inode(directory, entries, forcedEntries);
        copy.content = content;
        copy.forcedContent = forcedContent;
        copy.modifiedMillis = modifiedMillis;
        copy.changedMillis = changedMillis;
        return copy;
    }

    boolean isDirectory() {
        return directory;
    }

    String content() {
        return content;
    }

    void truncate() {
        content = "";
    }

    void write(int offset, String text) {
        StringBuilder next = new StringBuilder(content);
        while (next.length() < offset) {
            next.append('\0');
        }
        next.replace(offset, Math.min(next.length(), offset + text.length()), text);
        content = next.toString();
    }

    void force() {
        forcedContent = content;
        forcedEntries.clear();
        forcedEntries.putAll(entries);
    }

    /** Content or entries changed. */
    void modified(long now) {
        modifiedMillis = now;
        changedMillis = now;
    }

    /** The inode changed, such as by a rename. */
    void changed(long now) {
        changedMillis = now;
    }

    long modifiedMillis() {
        return modifiedMillis;
    }

    long changedMillis() {
        return changedMillis;
    }

    /** What is left after a power cut: each name, and the content, as it was forced or as it is now. */
    void cutPower(Surviving surviving) {
        if (directory) {
            TreeMap<String, String> all = new TreeMap<>(forcedEntries);
            all.putAll(entries);
            for (String name : all.keySet()) {
                Optional<String> now = Optional.ofNullable(entries.get(name));
                Optional<String> forced = Optional.ofNullable(forcedEntries.get(name));
                Optional<String> left = now.equals(forced) || surviving.unforcedName() ? now : forced;
                left.ifPresentOrElse(inode -> entries.put(name, inode), () -> entries.remove(name));
            }
        } else if (!content.equals(forcedContent)) {
            content = surviving.unforcedContent(forcedContent, content);
        }
        force();
    }

    Collection<String> children(boolean forcedToo) {
        TreeMap<String, String> all = new TreeMap<>();
        entries.forEach((name, inode) -> all.put("now " + name, inode));
        if (forcedToo) {
            forcedEntries.forEach((name, inode) -> all.put("forced " + name, inode));
        }
        return all.values();
    }

    @Override
    public String toString() {
        return (directory ? entries.toString() : "'" + content + "'")
                + (modifiedMillis == 0 && changedMillis == 0 ? "" : "@" + modifiedMillis + "/" + changedMillis);
    }
}
