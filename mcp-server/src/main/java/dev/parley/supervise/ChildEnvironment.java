package dev.parley.supervise;

import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.UserEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The environment of a client that Parley starts: the user's, without what belongs to the session, the client or the terminal
 * that Parley itself was started in.
 */
final class ChildEnvironment {

    private static final String OURS = "PARLEY_";

    /** Which store and which Java: of the machine, not of a session. */
    private static final Set<String> KEPT = Set.of("PARLEY_HOME", "PARLEY_JAVA", "PARLEY_JVM_OPTS");

    /** A client without a terminal is in no pane. */
    private static final List<String> PANE = List.of("TMUX", "TMUX_PANE");

    /** What a shell takes for the name of a variable. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private ChildEnvironment() {}

    /** The cleaned environment. */
    static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> child = new TreeMap<>(UserEnvironment.of(environment));
        removed(child).forEach(child::remove);
        return child;
    }

    /** The same for a client that has no terminal. */
    static Map<String, String> withoutTerminal(Map<String, String> environment) {
        Map<String, String> child = of(environment);
        PANE.forEach(child::remove);
        return child;
    }

    /** The variables that are taken out: those that are there, and those that a terminal's own environment may have. */
    static Set<String> removed(Map<String, String> environment) {
        Set<String> removed = new TreeSet<>();
        for (Client client : Clients.known()) {
            removed.addAll(client.sessionVariables());
        }
        environment.keySet().stream()
                .filter(name -> name.startsWith(OURS) && !KEPT.contains(name))
                .filter(name -> NAME.matcher(name).matches())
                .forEach(removed::add);
        return removed;
    }
}
