package dev.parley.hub.nats;

import dev.parley.hub.HubAddress;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.hub.TwoMachines;
import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One nats-server for all tests of a class, which knows no users; each test has a team of its own. */
final class RealHub implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final String CONFIGURATION = """
            listen: "127.0.0.1:PORT"
            jetstream { store_dir: "DATA", max_mem: 0, max_file: 1GB }
            """;

    private final List<NatsRoad> roads = new ArrayList<>();
    private @Nullable NatsServer server;
    private @Nullable Path directory;
    private int teams;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path made = Files.createTempDirectory("parley-hub-");
        directory = made;
        server = NatsServer.startWith(made, CONFIGURATION);
    }

    /** Two machines of a new team. */
    OfficeUnderTest machines(Retention retention) throws Exception {
        NatsServer running = server;
        if (running == null) {
            throw new IllegalStateException("it has not begun");
        }
        TeamName team = new TeamName("team-" + ++teams);
        return TwoMachines.over(
                host -> {
                    Membership membership = new Membership(
                            new HubAddress(running.url()),
                            team,
                            host,
                            new Login.PasswordFile(host.value(), running.passwordFile(host)),
                            Optional.empty(),
                            false);
                    NatsRoad road = NatsRoad.open(membership, Map.of(), Trace.NONE, NatsServer.LIMIT);
                    roads.add(road);
                    return road;
                },
                retention);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        roads.forEach(NatsRoad::close);
        roads.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        NatsServer running = server;
        Path made = directory;
        if (running != null && made != null) {
            running.close();
            try (Stream<Path> all = Files.walk(made)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
