package dev.parley.setup;

import dev.parley.client.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** The examination of one client: what was found, and what is looked at in the same way whichever client it is. */
final class Checkup {

    private final String client;
    private final Places places;
    private final Path system;
    private final List<Examination> found = new ArrayList<>();

    /**
     * Nothing has been looked at yet.
     *
     * @param system the root of the file system, in which administrators put their settings
     */
    Checkup(Client client, Places places, Path system) {
        this.client = client.name();
        this.places = places;
        this.system = system;
    }

    Places places() {
        return places;
    }

    Path system() {
        return system;
    }

    List<Examination> found() {
        return List.copyOf(found);
    }

    /** The command that sets this client up. */
    String setup() {
        return "parley setup --client " + client;
    }

    /** Notes that something of the client's is as it should be. */
    void ok(String what, String seen) {
        found.add(Examination.ok(client + " " + what, seen));
    }

    /** Notes that something of the client's works, but could be better. */
    void warning(String what, String seen, String remedy) {
        found.add(Examination.warning(client + " " + what, seen, remedy));
    }

    /** Notes that something of the client's does not work. */
    void failure(String what, String seen, String remedy) {
        found.add(Examination.failure(client + " " + what, seen, remedy));
    }

    /** Notes what was found elsewhere. */
    void addAll(List<Examination> more) {
        found.addAll(more);
    }

    /** Looks at what starts the server. */
    void server(Optional<String> command, Optional<String> scope) {
        String check = "server";
        String where = scope.map(name -> " (" + name + ")").orElse("");
        if (command.isEmpty()) {
            failure(check, "not registered", setup());
        } else if (command.get().startsWith("/") && !Files.isExecutable(Path.of(command.get()))) {
            failure(check, command.get() + " is not a program", setup());
        } else if (command.get().equals(ServerEntry.NAME) && !places.isOnPath()) {
            failure(
                    check,
                    "'parley'" + where + " is not on the PATH",
                    "ln -s " + places.distribution().launcher()
                            + " ~/.local/bin/parley, or another directory of the PATH");
        } else {
            ok(check, command.get() + where);
        }
    }

    /** Hooks that look into another store than the server never see its mail. */
    void sameStore(JsonText hooks, String server) {
        for (HookEntries.Place place : HookEntries.places(hooks)) {
            String home = HookEntries.home(place.command()).orElse("");
            if (!home.equals(server)) {
                failure(
                        "store",
                        "the server uses " + named(server) + ", the hooks " + named(home) + ": mail is not handed over",
                        "run " + setup() + " with PARLEY_HOME set as it is meant");
                return;
            }
        }
    }

    private static String named(String home) {
        return home.isEmpty() ? "the usual store" : home;
    }

    /** Missing, pointing to nothing, or another than setup would write. */
    void hooks(JsonText file, Map<String, ObjectNode> wanted) {
        String check = "hooks";
        List<HookEntries.Place> present = HookEntries.places(file);
        if (present.isEmpty()) {
            warning(check, "none: mail comes only when it is read", setup());
            return;
        }
        for (HookEntries.Place place : present) {
            Optional<Path> script = HookEntries.script(place.command());
            boolean runs = HookEntries.isByName(place.command())
                    ? places.isOnPath()
                    : script.filter(Files::isExecutable).isPresent();
            if (!runs) {
                failure(check, place.command() + " runs nothing", setup());
                return;
            }
        }
        List<String> different = new ArrayList<>();
        try {
            JsonText updated = HookEntries.with(file, wanted);
            Set<String> events = new TreeSet<>(HookEntries.events(file));
            events.addAll(wanted.keySet());
            for (String event : events) {
                if (!updated.get(HookEntries.MEMBER, event).equals(file.get(HookEntries.MEMBER, event))) {
                    different.add(event);
                }
            }
        } catch (NotEditableException e) {
            different.add(String.valueOf(e.getMessage()));
        }
        if (different.isEmpty()) {
            ok(check, String.join(", ", wanted.keySet()));
        } else {
            warning(
                    check,
                    "not as this Parley writes them: " + String.join(", ", different),
                    setup() + " (--dry-run shows what it would change)");
        }
    }
}
