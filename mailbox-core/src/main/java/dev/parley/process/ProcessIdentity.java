package dev.parley.process;

import java.util.Optional;

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

    private static final long LARGEST = 999_999_999_999_999_999L;
    private static final int DIGITS = 18;
    private static final int LONGEST_SCOPE = 40;

    /** Checks the shape. */
    public ProcessIdentity {
        if (pid < 1 || pid > LARGEST || start < 0 || start > LARGEST || !isScope(scope)) {
            throw new IllegalArgumentException("not a process: " + pid + "." + start + "." + scope);
        }
    }

    /** The reverse of {@link #toString}; empty if the text is no process identity. */
    public static Optional<ProcessIdentity> parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return Optional.empty();
        }
        long pid = number(text.substring(0, first));
        long start = number(text.substring(first + 1, second));
        String scope = text.substring(second + 1);
        return pid < 1 || start < 0 || !isScope(scope)
                ? Optional.empty()
                : Optional.of(new ProcessIdentity(pid, start, scope));
    }

    /** Digits as Parley writes them, so that no two texts are the same process; -1 if they are not. */
    public static long number(String digits) {
        if (digits.isEmpty() || digits.length() > DIGITS || (digits.charAt(0) == '0' && digits.length() > 1)) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static boolean isScope(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_SCOPE;
    }

    /** {@code <pid>.<start>.<scope>}: safe as a part of a file name. */
    @Override
    public String toString() {
        return pid + "." + start + "." + scope;
    }
}
