package dev.parley.wake.tmux;

/**
 * What the kernel says of one process at this moment.
 *
 * @param pid its number
 * @param name its short name, chosen by itself: good for messages and for a first guess, never as a proof
 * @param state the state letter of proc(5) and ps(1)
 * @param parent its parent's number
 * @param group its process group
 * @param terminal its controlling terminal, as a device file such as {@code /dev/pts/3}; empty if it has none
 * @param foreground the process group that owns that terminal's foreground
 */
record ProcessEntry(long pid, String name, char state, long parent, long group, String terminal, long foreground) {

    /** Whether keys typed at its terminal go to it, or to what it shares its process group with. */
    boolean ownsForeground() {
        return !terminal.isEmpty() && group == foreground;
    }

    /** Whether it is stopped (by {@code ^Z}, a debugger): it would see the keys only later. */
    boolean isStopped() {
        return state == 'T' || state == 't';
    }

    /** Whether it calls itself a tmux server, as those do on Linux, or a tmux. */
    boolean isNamedTmux() {
        return name.equals("tmux") || name.startsWith("tmux: server");
    }
}
