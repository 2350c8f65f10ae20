package dev.parley.supervise;

import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.CommandForm;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One supervisor, from its start to its end, in the process that the shell in the terminal started for it. */
public final class Supervision {

    /** How long it sleeps at the most: as long as it takes to notice that the shell has gone. */
    private static final long CALM_MILLIS = 1000;

    private static final long BUSY_MILLIS = 100;

    private static final Duration GRACE = Duration.ofSeconds(2);

    private Supervision() {}

    /** How the clients are called that can be supervised. */
    public static List<String> programs() {
        return Clients.known().stream()
                .filter(client -> client.commandForm().isPresent())
                .flatMap(client -> client.program().stream())
                .toList();
    }

    /** Whether a command line begins with one of them, wherever that lies. */
    public static boolean knows(List<String> words) {
        return form(words).isPresent();
    }

    private static Optional<Client> client(List<String> words) {
        Path program = Path.of(words.get(0)).getFileName();
        return Clients.known().stream()
                .filter(client -> program != null
                        && client.program().filter(program.toString()::equals).isPresent())
                .findFirst();
    }

    private static Optional<CommandForm> form(List<String> words) {
        return client(words).flatMap(Client::commandForm);
    }

    /**
     * Looks after a client until it has ended for good or its shell has gone.
     *
     * @param directory in which it talks to the shell, which is this process's parent
     * @param words the client's command line, of which {@link #knows} is true
     * @throws IOException if it cannot begin; the client has not been started then
     */
    public static void run(PostOffice office, Path directory, List<String> words, Map<String, String> environment)
            throws IOException, InterruptedException {
        Client client = client(words).orElseThrow(() -> new IllegalArgumentException("no client: " + words.get(0)));
        CommandForm form = client.commandForm().orElseThrow();
        Stopping.Patience patience = new Stopping.Patience(
                Duration.ofMillis(Setting.STOP_INTERRUPT.number(environment)),
                Duration.ofMillis(Setting.STOP_TERMINATE.number(environment)));
        Supervisor supervisor = new Supervisor(
                new Supervisor.Task(
                        new RunDirectory(directory), shell(office), Path.of("").toAbsolutePath(), words),
                form,
                new StoredSessions(office, environment, client.name()),
                new LocalProcesses(office.processes()),
                patience,
                Clocks.ofMachine(),
                office.trace());
        CountDownLatch over = new CountDownLatch(1);
        Thread ending = new Thread(() -> endInOrder(supervisor, over, patience), "parley-run-end");
        Runtime.getRuntime().addShutdownHook(ending);
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            if (supervisor.begin()) {
                while (supervisor.step()) {
                    await(watch, supervisor.isBusy() ? BUSY_MILLIS : CALM_MILLIS);
                }
            }
        } finally {
            over.countDown();
        }
    }

    private static void await(WatchService watch, long millis) throws InterruptedException {
        WatchKey key = watch.poll(millis, TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    private static ProcessIdentity shell(PostOffice office) throws IOException {
        return ProcessHandle.current()
                .parent()
                .flatMap(parent -> office.processes().identify(parent.pid()))
                .orElseThrow(() -> new IOException("the shell that started this has ended"));
    }

    /** Who is asked to end ends the client first: it has so long as the client may take. */
    private static void endInOrder(Supervisor supervisor, CountDownLatch over, Stopping.Patience patience) {
        supervisor.stop();
        Duration limit = patience.interrupt().plus(patience.terminate()).plus(GRACE);
        try {
            // What is left after that is beyond the signal that nobody can refuse.
            var unused = over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
