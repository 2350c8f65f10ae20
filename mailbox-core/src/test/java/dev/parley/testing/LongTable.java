package dev.parley.testing;

import java.util.Arrays;

/** Numbers different long values in the order in which they come: 0, 1, 2 and so on. */
final class LongTable {

    private static final int FREE = -1;

    private long[] values = new long[1 << 10];
    private int[] slots = slots(1 << 11);
    private int size;

    int size() {
        return size;
    }

    long value(int number) {
        return values[number];
    }

    /** The number of a value, which gets the next one if it is new: then {@link #size} has grown. */
    int number(long value) {
        int slot = slot(value);
        if (slots[slot] != FREE) {
            return slots[slot];
        }
        if (size == values.length) {
            grow();
            slot = slot(value);
        }
        values[size] = value;
        slots[slot] = size;
        return size++;
    }

    private int slot(long value) {
        long mixed = value * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed ^ (mixed >>> 32)) & (slots.length - 1);
        while (slots[slot] != FREE && values[slots[slot]] != value) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        values = Arrays.copyOf(values, values.length * 2);
        slots = slots(slots.length * 2);
        for (int number = 0; number < size; number++) {
            slots[slot(values[number])] = number;
        }
    }

    private static int[] slots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, FREE);
        return slots;
    }
}
