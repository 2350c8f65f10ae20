package dev.parley.hub.annex;

import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Team;
import dev.parley.hub.TeamSource;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the file {@code hub} says at this moment. It is read again when its time has changed; one that cannot be read says nothing,
 * which is traced. Safe for use by several threads.
 */
final class TeamOfFile implements TeamSource {

    private final HubFile file;
    private final Trace trace;
    private Optional<FileTime> seen = Optional.empty();
    private Optional<Team> team = Optional.empty();

    TeamOfFile(HubFile file, Trace trace) {
        this.file = file;
        this.trace = trace;
    }

    @Override
    public synchronized Optional<Team> now() {
        try {
            FileTime time = Files.getLastModifiedTime(file.path());
            if (!seen.equals(Optional.of(time))) {
                team = file.read().map(TeamOfFile::team);
                seen = Optional.of(time);
            }
        } catch (NoSuchFileException e) {
            seen = Optional.empty();
            team = Optional.empty();
        } catch (IOException e) {
            if (team.isPresent() || seen.isEmpty()) {
                unreadable(trace, e);
            }
            seen = Optional.empty();
            team = Optional.empty();
        }
        return team;
    }

    static void unreadable(Trace trace, IOException why) {
        trace.event(Event.HUB_SETTINGS_UNREADABLE, Map.of("reason", why.toString()));
    }

    private static Team team(HubSettings settings) {
        Map<String, String> projects = new HashMap<>();
        settings.shared().forEach((project, directory) -> projects.put(project.token(), directory));
        return new Team(
                settings.membership().team().value(),
                settings.membership().host(),
                settings.incarnation(),
                settings.accept().only().map(Set::copyOf),
                projects);
    }
}
