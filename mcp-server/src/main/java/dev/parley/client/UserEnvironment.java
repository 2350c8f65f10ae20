package dev.parley.client;

import java.util.Map;
import java.util.TreeMap;

/**
 * The environment as the user has it. The launcher takes options for other Java programs out of it and sets a locale, for
 * this virtual machine only; it keeps what was there under names of its own. Whatever Parley starts for the user gets it back.
 */
public final class UserEnvironment {

    /** Before the name of a variable whose value is kept; an empty value says that it was not set. */
    private static final String KEPT = "PARLEY_KEPT_";

    private UserEnvironment() {}

    /** The environment that the launcher was started in, made from that of this process. */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> users = new TreeMap<>(environment);
        restore(users);
        return users;
    }

    /** Makes the environment of a process that is about to be started the user's. */
    public static void restore(Map<String, String> environment) {
        for (String key : environment.keySet().toArray(new String[0])) {
            if (key.startsWith(KEPT)) {
                String variable = key.substring(KEPT.length());
                String value = environment.remove(key);
                if (value == null || value.isEmpty()) {
                    environment.remove(variable);
                } else {
                    environment.put(variable, value);
                }
            }
        }
    }
}
