package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.hub.Accept;
import dev.parley.hub.GitProject;
import dev.parley.hub.HubAddress;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.peer.Project;
import dev.parley.remote.Outbox;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SharedProject.Known;
import dev.parley.remote.SharedProject.Told;
import dev.parley.remote.SharedProject.Unknown;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Joins a team. */
final class HubJoin {

    private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

    private final HubAddress address;
    private final TeamName team;
    private final Optional<HostName> givenHost;
    private Login login = new Login.Nobody();
    private Optional<Path> authority = Optional.empty();
    private boolean isInsecure;
    private Optional<Accept> accept = Optional.empty();

    /**
     * Where.
     *
     * @throws IllegalArgumentException if something is not what it has to be; the message says what
     */
    HubJoin(String url, String team, Optional<String> host) {
        this.address = HubAddress.parse(url);
        this.team = new TeamName(team);
        this.givenHost = host.map(HostName::new);
    }

    /** As whom: with credentials, or as a user whose password is in a file or a variable, or as nobody. */
    HubJoin as(Optional<Path> credentials, String user, Optional<Path> file, Optional<String> variable) {
        if (credentials.isPresent()) {
            login = new Login.Credentials(absolute(credentials.get()));
        } else if (file.isPresent()) {
            login = new Login.PasswordFile(user, absolute(file.get()));
        } else if (variable.isPresent()) {
            login = new Login.PasswordVariable(user, variable.get());
        }
        return this;
    }

    HubJoin over(Optional<Path> trusted, boolean insecure) {
        authority = trusted.map(HubJoin::absolute);
        isInsecure = insecure;
        return this;
    }

    HubJoin accepting(Optional<String> hosts) {
        accept = hosts.map(Accept::parse);
        return this;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Joins, and shares a project. */
    int run(HubDesk desk, Project project) throws IOException, InterruptedException {
        HubFile file = desk.file();
        Optional<HubSettings> before = file.read();
        Membership membership = new Membership(address, team, host(before), login, authority, isInsecure);
        if (before.isPresent() && !isSame(before.get().membership(), membership)) {
            throw new IOException("this machine is "
                    + before.get().membership().host() + " of the team "
                    + before.get().membership().team() + " already; run 'parley hub leave' first. Nothing was changed");
        }
        RemoteMail mail = desk.mail();
        requireNothingOfAnotherTeam(mail.outbox());
        Told told = GitProject.of(Path.of(project.root()));
        try (NatsRoad road = desk.connect(membership)) {
            Instant now = Progress.during(
                    desk.err(),
                    "looking at the hub",
                    () -> checkUsable(road, membership, before.map(HubSettings::incarnation), mail));
            Duration apart = Duration.between(Instant.now(), now);
            HubSettings settings = new HubSettings(
                    membership,
                    before.map(HubSettings::incarnation).orElseGet(Ids::random),
                    accept.or(() -> before.map(HubSettings::accept)).orElse(Accept.ALL),
                    before.map(HubSettings::shared).orElse(Map.of()));
            file.write(told instanceof Known known ? settings.with(known.project(), project.key()) : settings);
            desk.say("joined the team " + team + " as " + membership.host() + ": "
                    + HubDesk.described(membership, road));
            desk.say(
                    told instanceof Known known
                            ? "the team sees the project " + known.project().identity() + ", for which "
                                    + project.root() + " stands"
                            : "the project " + project.root() + " stays on this machine: " + ((Unknown) told).reason()
                                    + ", then run 'parley hub share' there");
            if (before.isEmpty()) {
                desk.say("sessions that run already reach the others once their client is started again");
            }
            warnings(desk, road, membership, apart);
        }
        return ExitCode.OK;
    }

    /** What was stranded when another team was left is nothing for this one. */
    private void requireNothingOfAnotherTeam(Outbox outbox) throws IOException {
        Optional<String> other = outbox.team().filter(named -> !named.equals(team.value()));
        int count = other.isPresent() ? outbox.size() : 0;
        if (count > 0) {
            throw new IOException(count + (count == 1 ? " message waits" : " messages wait")
                    + " here for the team " + other.get() + ", which is not to see them go to " + team
                    + ": join " + other.get()
                    + " again, and leave it without --strand. 'parley hub status' says whom they"
                    + " are for. Nothing was changed");
        }
    }

    private HostName host(Optional<HubSettings> before) throws IOException {
        if (givenHost.isPresent()) {
            return givenHost.get();
        }
        if (before.isPresent()) {
            return before.get().membership().host();
        }
        String name = user().filter(HostName::isValid).orElseGet(HubJoin::ownName);
        if (!HostName.isValid(name)) {
            throw new IOException("no name of a host can be made of this machine's own; give one with --host");
        }
        return new HostName(name);
    }

    private Optional<String> user() {
        return login instanceof Login.PasswordFile named
                ? Optional.of(named.user())
                : login instanceof Login.PasswordVariable variable ? Optional.of(variable.user()) : Optional.empty();
    }

    private static String ownName() {
        String name;
        try {
            name = Files.isReadable(KERNEL_NAME)
                    ? Files.readString(KERNEL_NAME, StandardCharsets.US_ASCII)
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "";
        }
        String clean = name.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("\\..*", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceFirst("^-+", "");
        return clean.substring(0, Math.min(clean.length(), 32));
    }

    private static boolean isSame(Membership one, Membership other) {
        return one.team().equals(other.team()) && one.host().equals(other.host());
    }

    /** Returns the hub's time. */
    private static Instant checkUsable(
            NatsRoad road, Membership membership, Optional<String> incarnation, RemoteMail mail) throws IOException {
        road.restore();
        Optional<String> difference = road.ledger().difference();
        if (difference.isPresent()) {
            throw new IOException("the hub is not as Parley makes it: " + difference.get()
                    + "; mail could be lost or read there, so nothing is sent. Whoever runs it has to remove or correct"
                    + " that. Nothing was changed");
        }
        road.checkPermissions();
        Instant now = road.now();
        Optional<String> refusal = HubDesk.claim(membership, incarnation, mail).refusal(road.entries(), now);
        if (refusal.isPresent()) {
            throw new IOException(refusal.get() + ", as another user or with --host. Nothing was changed");
        }
        return road.now();
    }

    private static void warnings(HubDesk desk, NatsRoad road, Membership membership, Duration apart)
            throws IOException {
        if (HubDesk.isWorthTelling(apart)) {
            desk.say("warning: " + HubDesk.apart(apart) + "; have it set by the network's time");
        }
        if (road.isOpen()) {
            desk.say(
                    "warning: the hub lets this user read everybody's mail, so it proves of none who sent it; see 'parley hub"
                            + " config' for permissions that do");
        }
        if (!membership.needsTls() && !membership.address().isLoopback()) {
            desk.say("warning: without TLS whoever is on that network can read the password and the mail");
        }
    }
}
