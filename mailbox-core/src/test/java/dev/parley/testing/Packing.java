package dev.parley.testing;

/**
 * A state as one long: the number of the files in the upper bits, then the number of the place of each process.
 *
 * @param placeBits how many bits each place has
 */
record Packing(int placeBits) {

    private static final int FILES_BITS = 22;
    private static final int PLACES_BITS = Long.SIZE - FILES_BITS;

    static Packing of(int processes) {
        return new Packing(PLACES_BITS / processes);
    }

    long state(int files, int[] places) {
        long state = (long) files << PLACES_BITS;
        for (int process = 0; process < places.length; process++) {
            state = with(state, files, process, places[process]);
        }
        return state;
    }

    int files(long state) {
        return (int) (state >>> PLACES_BITS);
    }

    int place(long state, int process) {
        return (int) ((state >>> (process * placeBits)) & placeMask());
    }

    /** The state with other files and one process at another place. */
    long with(long state, int files, int process, int place) {
        if (files >= 1 << FILES_BITS || place > placeMask()) {
            throw new IllegalStateException("more states of the files or places in the code than fit into one number");
        }
        long places = state & ((1L << PLACES_BITS) - 1) & ~(placeMask() << (process * placeBits));
        return (long) files << PLACES_BITS | places | (long) place << (process * placeBits);
    }

    private long placeMask() {
        return (1L << placeBits) - 1;
    }
}
