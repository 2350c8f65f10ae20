package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;

/** How a server stands in a client's configuration, whoever wrote it. */
final class ServerEntry {

    /** The name under which clients know the server. */
    static final String NAME = "parley";

    private ServerEntry() {}

    /**
     * Whether it starts a Parley: its launcher, its one jar or jbang's alias, perhaps through another program such as
     * {@code env}.
     */
    static boolean isOurs(String command, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(arguments);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.substring(word.lastIndexOf('/') + 1);
            boolean program = name.equals(NAME)
                    || word.startsWith(NAME + "@")
                    || name.equals("parley-all.jar")
                    || (name.startsWith("mcp-server-") && name.endsWith("-all.jar"));
            if (program && (i + 1 == words.size() || words.get(i + 1).equals("serve"))) {
                return true;
            }
        }
        return false;
    }

    /** What to say of a server of that name that is not Parley's. */
    static NotEditableException foreign(String command) {
        return new NotEditableException("has a server named " + NAME + " already, and it is not this one (it runs '"
                + command + "'); 'parley setup --force' replaces it, and --undo gives it back");
    }
}
