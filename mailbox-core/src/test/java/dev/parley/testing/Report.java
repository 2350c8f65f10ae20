package dev.parley.testing;

/**
 * What a search has seen.
 *
 * @param states different states of the whole: files, and where every process is
 * @param steps ways from one state to the next
 * @param files different states of the files
 * @param places different points in the code, of all processes together
 * @param ends states in which every process is dead or done
 */
public record Report(int states, long steps, int files, int places, int ends) {}
