package dev.parley.cli;

import dev.parley.hub.GitProject;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.peer.Project;
import dev.parley.remote.RefusedMail.Refusal;
import dev.parley.remote.SharedProject;
import dev.parley.remote.SharedProject.Unknown;
import dev.parley.setup.Examination;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the hub of the team, where this machine has joined one. */
final class DoctorHub {

    private static final String CHECK = "hub";
    private static final String STATUS = "parley hub status; mail on this machine is not affected";

    private final HubDesk desk;
    private final Path directory;
    private final List<Examination> found = new ArrayList<>();

    DoctorHub(HubDesk desk, Path directory) {
        this.desk = desk;
        this.directory = directory;
    }

    List<Examination> examine() throws IOException, InterruptedException {
        HubSettings settings;
        try {
            settings = desk.settings();
        } catch (IOException e) {
            found.add(Examination.failure(CHECK, Why.of(e), "do what it says"));
            return List.copyOf(found);
        }
        Membership membership = settings.membership();
        try (NatsRoad road = desk.connect(membership)) {
            connected(membership, road);
            HubDesk.claim(membership, Optional.of(settings.incarnation()), desk.mail())
                    .refusal(road.entries(), road.now())
                    .ifPresent(why -> found.add(Examination.failure(
                            "hub name", why, "until then no mail leaves this machine, and none comes")));
        } catch (IOException e) {
            found.add(Examination.failure(CHECK, Why.of(e), STATUS));
        }
        refused();
        project(settings);
        return List.copyOf(found);
    }

    private void connected(Membership membership, NatsRoad road) throws IOException {
        Optional<String> difference = road.ledger().difference();
        found.add(Examination.ok(
                CHECK,
                "team " + membership.team() + ", as " + membership.host() + ": "
                        + HubDesk.described(membership, road)));
        difference.ifPresent(what -> found.add(Examination.failure(
                "hub content",
                what + ": mail could be lost or read there, so nothing is sent",
                "whoever runs it has to remove or correct that")));
        if (road.isOpen()) {
            found.add(Examination.warning(
                    "hub permissions",
                    "this user may read everybody's mail, so the hub proves of none who sent it",
                    "permissions as 'parley hub config' prints them"));
        }
        Duration apart = Duration.between(Instant.now(), road.now());
        if (HubDesk.isWorthTelling(apart)) {
            found.add(Examination.warning("hub clock", HubDesk.apart(apart), "have it set by the network's time"));
        }
    }

    /** Of late: what has been put right since is of no interest. */
    private void refused() throws IOException {
        List<Refusal> kept = desk.file().refused();
        Instant day = Instant.now().minus(Duration.ofHours(24));
        if (!kept.isEmpty() && kept.get(kept.size() - 1).at().isAfter(day)) {
            found.add(Examination.warning(
                    "hub refused",
                    HubDesk.refused(kept).orElseThrow(),
                    "have whoever uses that machine look; if versions differ, update the older Parley"));
        }
    }

    private void project(HubSettings settings) throws IOException, InterruptedException {
        Project project = Project.of(directory);
        Optional<SharedProject> shared = settings.sharedAs(project.key());
        String check = "hub project";
        if (shared.isPresent()) {
            found.add(
                    Examination.ok(check, "the team sees it as " + shared.get().identity()));
        } else if (GitProject.of(directory) instanceof Unknown unknown) {
            found.add(Examination.ok(check, "it stays on this machine: " + unknown.reason()));
        } else {
            found.add(Examination.ok(check, "it is not shared; 'parley hub share' would"));
        }
    }
}
