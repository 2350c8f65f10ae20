package dev.parley.cockpit.watch;

import java.io.IOException;
import java.util.List;

/** A terminal that shows one canvas after the other. Its keys are read by one thread, all else is done by another. */
interface Tty extends AutoCloseable {

    int width();

    int height();

    /** Shows a canvas in place of the one before. */
    void show(Canvas canvas);

    /** Has the next canvas drawn as a whole, whatever is on the screen. */
    void forget();

    /** Sends something that moves no cursor. */
    void send(String sequence);

    /** Waits for a key. */
    Key next() throws IOException;

    /** Calls this whenever the terminal has another size, or shows something else, in whatever thread. */
    void onChange(Runnable changed);

    /**
     * Hands the terminal to another program until that ends, and takes it back.
     *
     * @return its exit status
     */
    int lend(List<String> command) throws IOException, InterruptedException;

    /** Gives the terminal back as it was. Can be called twice, and by any thread. */
    @Override
    void close();
}
