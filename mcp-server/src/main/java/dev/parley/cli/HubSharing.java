package dev.parley.cli;

import dev.parley.hub.GitProject;
import dev.parley.hub.HubSettings;
import dev.parley.peer.Project;
import dev.parley.remote.SharedProject;
import dev.parley.remote.SharedProject.Known;
import dev.parley.remote.SharedProject.Told;
import dev.parley.remote.SharedProject.Unknown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Which projects the team sees. */
final class HubSharing {

    private HubSharing() {}

    /** Lets the team see a project. */
    static void share(HubDesk desk, Project project) throws IOException, InterruptedException {
        HubSettings before = desk.settings();
        Told told = GitProject.of(Path.of(project.root()));
        if (!(told instanceof Known known)) {
            throw new IOException(
                    project.root() + " cannot be shared: " + ((Unknown) told).reason() + ". Nothing was changed");
        }
        SharedProject shared = known.project();
        var unused = desk.file()
                .change(settings -> settings.sharedAs(project.key())
                        .map(settings::without)
                        .orElse(settings)
                        .with(shared, project.key()))
                .orElseThrow(HubDesk::notJoined);
        Optional<String> other =
                Optional.ofNullable(before.shared().get(shared)).filter(directory -> !directory.equals(project.key()));
        desk.say("the team sees the project " + shared.identity() + ", for which " + project.root() + " stands"
                + other.map(directory -> ", no longer " + directory).orElse(""));
    }

    /** Hides a project from the team. */
    static void unshare(HubDesk desk, Project project) throws IOException, InterruptedException {
        SharedProject shared = desk.settings()
                .sharedAs(project.key())
                .orElseThrow(() -> new IOException(project.root() + " is not shared; 'parley hub status' lists what is."
                        + " Nothing was changed"));
        var unused = desk.file().change(settings -> settings.without(shared)).orElseThrow(HubDesk::notJoined);
        desk.say("the team no longer sees the project " + shared.identity());
    }
}
