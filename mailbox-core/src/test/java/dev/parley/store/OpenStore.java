package dev.parley.store;

import dev.parley.trace.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Run as a process of its own: opens a store for each line of its input, and says what came of it, a line each. */
final class OpenStore {

    private OpenStore() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String home = lines.readLine(); home != null; home = lines.readLine()) {
            try {
                Store.open(Path.of(home), Durability.PROCESS, Trace.NONE);
                System.out.println("opened");
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }
}
