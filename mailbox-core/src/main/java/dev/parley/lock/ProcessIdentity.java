package dev.parley.lock;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process, told apart from every other that ever has had, or will have, its number.
 *
 * @param pid its number
 * @param start when it started, in a unit of the platform (Linux: clock ticks since boot, field 22 of
 *     {@code /proc/<pid>/stat}); 0 if not known
 * @param scope the boot and the process-number space in which the number means anything, {@code [0-9a-z]{1,40}}; {@code 0}
 *     if not known
 */
public record ProcessIdentity(long pid, long start, String scope) {

    private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,17})\\.(0|[1-9]\\d{0,17})\\.([0-9a-z]{1,40})");

    /** Checks the shape. */
    public ProcessIdentity {
        String text = pid + "." + start + "." + scope;
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a process: " + text);
        }
    }

    /** The reverse of {@link #toString}; empty if the text is no process identity. */
    public static Optional<ProcessIdentity> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)));
    }

    /** {@code <pid>.<start>.<scope>}: safe as a part of a file name. */
    @Override
    public String toString() {
        return pid + "." + start + "." + scope;
    }
}
