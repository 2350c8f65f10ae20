package dev.parley.testing;

/**
 * What a simulated process does, over and over. Runs the real code on {@link World#disk}; must do the same whenever it is
 * told the same, so time, chance and other processes reach it only through its {@link World}.
 */
@FunctionalInterface
public interface Program {

    /**
     * One round. Nothing may be kept from one round to the next but what is on the disk.
     *
     * @param round counted from 0
     * @return what came of it; an exception is an outcome, too
     */
    Object round(int round) throws Exception;
}
