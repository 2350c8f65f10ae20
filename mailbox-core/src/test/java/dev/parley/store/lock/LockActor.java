package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.testing.Jvm;
import dev.parley.testing.ThreadPerTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Somebody who can be told to use the lock: a thread's worth of this process, or a process of its own. */
interface LockActor extends AutoCloseable {

    void open(Path home, Duration lease) throws IOException;

    String acquire() throws IOException;

    String commit(String name) throws IOException;

    String release() throws IOException;

    @Override
    void close() throws IOException;

    /** In this process. */
    final class Inside implements LockActor {

        private LockWorker worker;

        Inside(Path home, Duration lease) throws IOException {
            worker = new LockWorker(home, lease);
        }

        @Override
        public void open(Path home, Duration lease) throws IOException {
            worker = new LockWorker(home, lease);
        }

        @Override
        public String acquire() throws IOException {
            return worker.acquire();
        }

        @Override
        public String commit(String name) throws IOException {
            return worker.commit(name);
        }

        @Override
        public String release() throws IOException {
            return worker.release();
        }

        @Override
        public void close() throws IOException {
            worker.release();
        }
    }

    /** In a JVM of its own, which can be killed and stopped. */
    final class Outside implements LockActor {

        private final Process process;
        private final Writer input;
        private final BufferedReader output;
        private CompletableFuture<Void> listening = CompletableFuture.completedFuture(null);

        Outside() throws IOException {
            process = Jvm.of(LockWorker.class).start();
            input = process.outputWriter(UTF_8);
            output = process.inputReader(UTF_8);
            expect("ready");
        }

        private void expect(String answer) throws IOException {
            String line = hear();
            if (!line.equals(answer)) {
                throw new AssertionError("said " + line + " instead of " + answer);
            }
        }

        private void tell(String line) throws IOException {
            input.write(line + "\n");
            input.flush();
        }

        private String hear() throws IOException {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("the worker has ended");
            }
            return line;
        }

        /** Lets it work until {@link #stop} or its death, and notes all it says. */
        void work(String name, Consumer<String> said) throws IOException {
            tell("work " + name + " " + name.hashCode());
            listening = CompletableFuture.runAsync(() -> output.lines().forEach(said), ThreadPerTask.EXECUTOR);
        }

        /** Ends its work; on return all it said is noted. */
        void stop() throws IOException {
            tell("stop");
            input.close();
            listening.join();
        }

        /** {@code kill -9} while it works; on return it is dead, and all it said is noted. */
        void killAtWork() throws IOException {
            signal("KILL");
            listening.join();
            waitForEnd();
        }

        private String ask(String line) throws IOException {
            tell(line);
            return hear();
        }

        @Override
        public void open(Path home, Duration lease) throws IOException {
            tell("open " + lease.toMillis() + " " + home);
            expect("opened");
        }

        @Override
        public String acquire() throws IOException {
            return ask("acquire");
        }

        @Override
        public String commit(String name) throws IOException {
            return ask("commit " + name);
        }

        @Override
        public String release() throws IOException {
            return ask("release");
        }

        /** {@code kill -9}; on return it is dead. */
        void kill() {
            process.destroyForcibly();
            waitForEnd();
        }

        void signal(String name) throws IOException {
            try {
                if (new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                                .start()
                                .waitFor()
                        != 0) {
                    throw new IOException("kill -" + name + " failed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        private void waitForEnd() {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            kill();
        }
    }
}
