package dev.parley.cockpit.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.trace.Why;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process runs in, by JLine: the only class that knows it. The terminal is given back as it was when this is
 * closed, and also when the process is ended by a signal that can be caught.
 */
final class TerminalTty implements Tty {

    /** The other screen, without a cursor, without line wrap; what is pasted comes in brackets. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h";

    /** Cleared first: tmux would put rows of it above the shell's, if the window has grown meanwhile. */
    private static final String LEAVE = "\u001b[0m\u001b[2J\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l";

    /** The foreign functions of the JDK, where they may be called; else the programs {@code stty} and {@code tty}. Never JNI. */
    private static final int FOREIGN_SINCE = 22;

    /** So often is looked for a key while somebody types, and when nobody has for a while: each look wakes a processor. */
    private static final long BRISK_MILLIS = 15;

    private static final long CALM_MILLIS = 100;

    /** The rests between the looks grow with the silence, of which each is such a part. */
    private static final long PART_OF_SILENCE = 100;

    private static final int CTRL_C = 3;

    private static final long SIZE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Terminal terminal;
    private final Attributes original;
    /** Not the library's, which reads ahead: what is typed while the terminal is lent is not this view's. */
    private final Reader reader = new InputStreamReader(new FileInputStream(FileDescriptor.in), UTF_8);

    private final Painter painter;
    private final Keys keys;
    private final Thread atExit = new Thread(this::restore, "parley-watch-restore");
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Object output = new Object();
    /** Guarded by {@link #output}. */
    private boolean isClosed;

    private volatile @Nullable Size size;
    private volatile long sizedAt;

    private final Object input = new Object();
    /** Guarded by {@link #input}. */
    private boolean isLent;

    private volatile boolean isInterrupted;
    /** Belongs to the thread that reads keys. */
    private long lastKeyAt = System.nanoTime();

    private TerminalTty(Terminal terminal, Painter painter) {
        this.terminal = terminal;
        this.painter = painter;
        this.original = terminal.getAttributes();
        this.keys = new Keys(this::read);
    }

    /**
     * Takes the terminal over.
     *
     * @throws IOException if there is none
     */
    static Tty open(Painter painter) throws IOException {
        boolean isForeign = mayCallForeign();
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .providers(isForeign ? "ffm,exec" : "exec")
                    .jni(false)
                    .ffm(isForeign)
                    .dumb(false)
                    .graphemeCluster(false)
                    .encoding(UTF_8)
                    .nativeSignals(true)
                    .signalHandler(SignalHandler.SIG_IGN)
                    .build();
        } catch (IllegalStateException e) {
            throw new IOException("this terminal cannot be used: " + Why.of(e) + "; try 'parley watch --plain'", e);
        }
        TerminalTty tty = new TerminalTty(terminal, painter);
        Runtime.getRuntime().addShutdownHook(tty.atExit);
        tty.enter();
        return tty;
    }

    /** Where Java was started without leave for it, as by jbang, each call would print a warning, and a later Java refuse it. */
    private static boolean mayCallForeign() {
        if (Runtime.version().feature() < FOREIGN_SINCE) {
            return false;
        }
        try {
            Object leave = Module.class.getMethod("isNativeAccessEnabled").invoke(Terminal.class.getModule());
            return Boolean.TRUE.equals(leave);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private void enter() {
        terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // Ctrl-C comes as a key, so that nothing ends before the terminal is given back; Ctrl-Z and Ctrl-\ do nothing.
        raw.setLocalFlags(EnumSet.of(LocalFlag.ISIG), false);
        terminal.setAttributes(raw);
        synchronized (output) {
            painter.forget();
            write(ENTER);
        }
    }

    @Override
    public int width() {
        // A terminal that does not tell its size is taken for a common one.
        return size().getColumns() > 0 ? size().getColumns() : 80;
    }

    @Override
    public int height() {
        return size().getRows() > 0 ? size().getRows() : 24;
    }

    /** Asks again when the size has changed, and now and then: not every terminal tells. To ask may start a program. */
    private Size size() {
        Size known = size;
        if (known == null || System.nanoTime() - sizedAt > SIZE_NANOS) {
            known = asked(known);
            size = known;
            sizedAt = System.nanoTime();
        }
        return known;
    }

    private Size asked(@Nullable Size before) {
        try {
            return terminal.getSize();
        } catch (IllegalStateException e) {
            // The process ends, and the library has closed its part.
            return before == null ? Size.of(0, 0) : before;
        }
    }

    @Override
    public void show(Canvas canvas) {
        synchronized (output) {
            if (!isClosed) {
                write(painter.paint(canvas));
            }
        }
    }

    @Override
    public void forget() {
        synchronized (output) {
            painter.forget();
        }
    }

    @Override
    public void send(String sequence) {
        synchronized (output) {
            if (!isClosed) {
                write(sequence);
            }
        }
    }

    /** A terminal that is gone is noticed by who reads its keys. */
    private void write(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            // Not by the library: when the process ends, it may have closed its part before this gives the screen back.
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            isClosed = true;
        }
    }

    @Override
    public Key next() throws IOException {
        return keys.next();
    }

    /** Nothing is read but what is there: a read that waited would take the first key of whom the terminal is lent to. */
    private int read(long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            if (isInterrupted) {
                isInterrupted = false;
                return CTRL_C;
            }
            synchronized (input) {
                if (!isLent && reader.ready()) {
                    lastKeyAt = System.nanoTime();
                    return reader.read();
                }
            }
            if (millis > 0 && System.nanoTime() >= end) {
                return Keys.NOTHING;
            }
            try {
                long silence = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastKeyAt);
                Thread.sleep(Math.max(BRISK_MILLIS, Math.min(silence / PART_OF_SILENCE, CALM_MILLIS)));
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    @Override
    public void onChange(Runnable changed) {
        terminal.handle(Signal.WINCH, signal -> {
            size = null;
            changed.run();
        });
        terminal.handle(Signal.CONT, signal -> changed.run());
        terminal.handle(Signal.INT, signal -> isInterrupted = true);
    }

    @Override
    public int lend(List<String> command) throws IOException, InterruptedException {
        synchronized (input) {
            isLent = true;
        }
        try {
            synchronized (output) {
                write(LEAVE);
            }
            terminal.setAttributes(original);
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } finally {
            size = null;
            enter();
            synchronized (input) {
                isLent = false;
            }
        }
    }

    private void restore() {
        synchronized (output) {
            if (isClosed) {
                return;
            }
            write(LEAVE);
            isClosed = true;
        }
        try {
            terminal.setAttributes(original);
        } catch (IllegalStateException e) {
            // The library has been closed before, and has done the same.
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It is that hook which closes this, or another one at the same time.
            return;
        }
        try {
            terminal.close();
        } catch (IOException e) {
            // It has been given back.
        }
    }
}
