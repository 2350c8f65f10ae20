package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that sends exactly what it is told, also what no browser or library would. */
final class Wire {

    private static final int LIMIT_MS = 60_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String authority;
    private final int port;
    private final String token;

    /** For the address that the command prints. */
    Wire(String address) {
        URI uri = URI.create(address);
        authority = uri.getRawAuthority();
        port = uri.getPort();
        token = uri.getRawFragment();
    }

    /** What came back. */
    record Reply(int status, Map<String, String> headers, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        /** Itself, if it says that the request was refused so. */
        Reply refused(int expected, String code) {
            assertEquals(expected, status, body);
            assertEquals(code, json().at("/error/code").asString(), body);
            assertEquals("application/json; charset=utf-8", headers.get("content-type"));
            assertEquals(false, json().at("/error/message").asString().isBlank());
            return this;
        }

        /** Itself, if the request was done. */
        Reply ok() {
            assertEquals(200, status, body);
            return this;
        }
    }

    String token() {
        return token;
    }

    int port() {
        return port;
    }

    String host() {
        return "Host: " + authority;
    }

    String bearer() {
        return "Authorization: Bearer " + token;
    }

    /** As the page asks. */
    Reply get(String path) throws IOException {
        return send("GET " + path, "", host(), bearer());
    }

    /** As the page sends. */
    Reply post(String path, Map<String, Object> input) throws IOException {
        return send(
                "POST " + path,
                JSON.writeValueAsString(input),
                host(),
                bearer(),
                "Origin: http://" + authority,
                "Content-Type: application/json");
    }

    /** With exactly these headers, and how long the body is. */
    Reply send(String line, String body, String... headers) throws IOException {
        try (Socket socket = open(line, body, headers)) {
            byte[] all = socket.getInputStream().readAllBytes();
            return parsed(new String(all, UTF_8));
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(LIMIT_MS);
        return socket;
    }

    private Socket open(String line, String body, String... headers) throws IOException {
        Socket socket = connect();
        byte[] bytes = body.getBytes(UTF_8);
        StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(UTF_8));
        socket.getOutputStream().write(bytes);
        return socket;
    }

    private static Reply parsed(String text) throws IOException {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("hung up without an answer");
        }
        String[] head = text.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.put(
                    head[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    head[i].substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(head[0].split(" ", -1)[1]), headers, text.substring(end + 4));
    }

    /** Begins to read the events, from the beginning or after one. */
    Stream events(String... more) throws IOException {
        List<String> headers = new ArrayList<>(List.of(host(), bearer()));
        headers.addAll(List.of(more));
        return new Stream(open("GET /api/events", "", headers.toArray(String[]::new)));
    }

    /** A stream of events. */
    static final class Stream implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader lines;

        private Stream(Socket socket) throws IOException {
            this.socket = socket;
            this.lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        /** The next event that is none of silence; fails if the stream has ended. */
        Event next() throws IOException {
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return new Event(id, JSON.readTree(line.substring(6)));
                }
            }
            throw new IOException("the stream has ended");
        }

        /** Reads until it says that there is nothing to tell. */
        void awaitSilence() throws IOException {
            String line = lines.readLine();
            while (!": alive".equals(line)) {
                if (line == null) {
                    throw new IOException("the stream has ended");
                }
                line = lines.readLine();
            }
        }

        String status() throws IOException {
            return lines.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** One event. */
    record Event(String id, JsonNode data) {}
}
