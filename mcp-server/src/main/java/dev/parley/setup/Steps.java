package dev.parley.setup;

/** Is told between any two steps that leave something on the disk. Tests end the process there. */
interface Steps {

    /** Nobody listens. */
    Steps SILENT = step -> {};

    /** A step is done. */
    void done(String step);
}
