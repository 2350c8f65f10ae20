package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A session whose server is killed, stopped and started again while others use it. Safe for several threads. */
final class Correspondent {

    /** A call may find its server stopped for longer than a lease, on a busy machine. */
    private static final int PATIENCE = 4;

    private final Peers machine;
    private final List<String> wrapper;
    private final String host;
    private final String name;
    private @Nullable Agent agent;

    /**
     * One that is not there yet.
     *
     * @param wrapper what runs its server where it belongs
     */
    Correspondent(Peers machine, List<String> wrapper, String host, String name) {
        this.machine = machine;
        this.wrapper = wrapper;
        this.host = host;
        this.name = name;
    }

    /** Which machine it is on. */
    String host() {
        return host;
    }

    /** What it is called in the whole team. */
    String name() {
        return name;
    }

    /** Starts its server, and does nothing if it is there. */
    void start() throws Exception {
        if (isThere()) {
            return;
        }
        Agent started = begun();
        patiently(started, started.begin("claim_session", "session_id", name + "-session"))
                .ok();
        patiently(started, started.begin("set_my_state", "name", name)).ok();
        synchronized (this) {
            agent = started;
            notifyAll();
        }
    }

    /** One that was too slow to begin ends with the test, and is nobody until then. */
    private Agent begun() throws Exception {
        for (int tries = 1; tries < PATIENCE; tries++) {
            try {
                return machine.agent().under(wrapper.toArray(String[]::new)).start();
            } catch (TimeoutException e) {
                // The machine is very busy.
            }
        }
        return machine.agent().under(wrapper.toArray(String[]::new)).start();
    }

    private synchronized boolean isThere() {
        return agent != null;
    }

    private synchronized Agent agent() throws InterruptedException {
        while (agent == null) {
            wait();
        }
        return agent;
    }

    /** The process number of its server; empty while there is none. */
    synchronized Optional<Long> pid() {
        return Optional.ofNullable(agent).map(there -> there.server().pid());
    }

    /** {@code kill -9} of its server. */
    void kill() throws InterruptedException {
        Agent killed;
        synchronized (this) {
            killed = agent;
            agent = null;
        }
        if (killed != null) {
            killed.kill();
        }
    }

    /** Sends its server a signal, by its name without SIG. */
    void signal(String signal) throws IOException, InterruptedException {
        Optional<Long> pid = pid();
        if (pid.isPresent()) {
            Signals.send(pid.get(), signal);
        }
    }

    /** Calls a tool as soon as there is a server; empty if that died, and nobody knows what came of the call. */
    Optional<Result> call(String tool, Object... arguments) throws InterruptedException, TimeoutException {
        Agent there = agent();
        try {
            return Optional.of(patiently(there, there.begin(tool, arguments)));
        } catch (IOException | ExecutionException e) {
            return Optional.empty();
        }
    }

    private Result patiently(Agent asked, Calling calling)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (int waited = 1; waited < PATIENCE; waited++) {
            try {
                return calling.result();
            } catch (TimeoutException e) {
                // It is stopped, or its machine is very busy.
            }
        }
        try {
            return calling.result();
        } catch (TimeoutException e) {
            throw new TimeoutException(
                    name + " gives no answer; it said '" + asked.server().errors() + "', and its threads are "
                            + threads(asked.server().pid()));
        }
    }

    private static String threads(long pid) throws InterruptedException {
        try {
            Process asked = new ProcessBuilder(
                            Distribution.java().resolveSibling("jcmd").toString(), Long.toString(pid), "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(asked.getInputStream().readAllBytes(), UTF_8);
            asked.waitFor();
            return said;
        } catch (IOException e) {
            return "not known: " + e;
        }
    }

    /** Ends its server as a client that goes does. */
    void leave() throws IOException {
        Agent left;
        synchronized (this) {
            left = agent;
            agent = null;
        }
        if (left != null) {
            left.close();
        }
    }
}
