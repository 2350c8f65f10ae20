package dev.parley.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A relay on loopback for each host, for a machine on which no network can be made. */
final class Relays implements HostNetwork {

    private final int port;
    private final Map<String, Relay> relays = new LinkedHashMap<>();

    private Relays(int port) {
        this.port = port;
    }

    /** Makes them. */
    static Relays make(List<String> hosts) throws IOException {
        int free;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = any.getLocalPort();
        }
        Relays made = new Relays(free);
        for (String host : hosts) {
            made.relays.put(host, new Relay(free));
        }
        return made;
    }

    private Relay relay(String host) {
        Relay relay = relays.get(host);
        if (relay == null) {
            throw new IllegalArgumentException("no such host: " + host);
        }
        return relay;
    }

    @Override
    public String name() {
        return "relays";
    }

    @Override
    public String listen() {
        return "127.0.0.1:" + port;
    }

    @Override
    public String url(String host) {
        return "nats://127.0.0.1:" + relay(host).listening.getLocalPort();
    }

    @Override
    public List<String> atHub() {
        return List.of();
    }

    @Override
    public List<String> at(String host) {
        return List.of();
    }

    @Override
    public void part(String host) {
        relay(host).hold(true);
    }

    @Override
    public void rejoin(String host) {
        relay(host).hold(false);
    }

    @Override
    public int cut(String host) {
        return relay(host).cut();
    }

    @Override
    public void close() throws IOException {
        for (Relay relay : relays.values()) {
            relay.close();
        }
    }

    /** Carries what one host and the hub say to each other. */
    private static final class Relay {

        private static final int CHUNK = 8 * 1024;
        private static final long HALF_OPEN_MILLIS = 20;

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final InetSocketAddress hub;
        private final Set<Line> lines = ConcurrentHashMap.newKeySet();
        private boolean isHeld;

        Relay(int port) throws IOException {
            hub = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            begin(this::accept);
        }

        private interface Work {
            void go() throws IOException, InterruptedException;
        }

        private static void begin(Work work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.go();
                        } catch (IOException e) {
                            // An end is closed, which is what it is for.
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "relay");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() throws IOException {
            while (true) {
                Socket host = listening.accept();
                begin(() -> {
                    // Who is held is accepted by the machine all the same, as by a stopped process.
                    pass();
                    Socket there = new Socket();
                    try {
                        there.connect(hub, (int) TimeUnit.SECONDS.toMillis(2));
                    } catch (IOException e) {
                        host.close();
                        return;
                    }
                    Line line = new Line(host, there);
                    lines.add(line);
                    begin(() -> carry(line, host, there));
                    begin(() -> carry(line, there, host));
                });
            }
        }

        private void carry(Line line, Socket from, Socket to) throws IOException, InterruptedException {
            try (line) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] chunk = new byte[CHUNK];
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    pass();
                    if (line.isCut) {
                        // In the middle of what is said; and first in one of the two directions only.
                        out.write(chunk, 0, length / 2);
                        to.shutdownOutput();
                        TimeUnit.MILLISECONDS.sleep(HALF_OPEN_MILLIS);
                        return;
                    }
                    out.write(chunk, 0, length);
                }
            } finally {
                lines.remove(line);
            }
        }

        private synchronized void pass() throws InterruptedException {
            while (isHeld) {
                wait();
            }
        }

        synchronized void hold(boolean held) {
            isHeld = held;
            notifyAll();
        }

        int cut() {
            int cut = 0;
            for (Line line : lines) {
                line.isCut = true;
                cut++;
            }
            return cut;
        }

        void close() throws IOException {
            listening.close();
            hold(false);
            for (Line line : lines) {
                line.close();
            }
        }
    }

    /** One connection of a host's. */
    private static final class Line implements AutoCloseable {
        private final Socket host;
        private final Socket hub;

        /** It ends with half of what is said next. */
        private volatile boolean isCut;

        Line(Socket host, Socket hub) {
            this.host = host;
            this.hub = hub;
        }

        @Override
        public void close() throws IOException {
            host.close();
            hub.close();
        }
    }
}
