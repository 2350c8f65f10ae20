package dev.parley.hub.nats;

import dev.parley.hub.TwoMachines;
import dev.parley.ledger.Retention;
import dev.parley.office.contract.DeliveryContractAnywhere;
import dev.parley.office.contract.OfficeUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Of sessions on two machines, with a real nats-server between them. */
@Tag("hub")
final class NatsDeliveryIT extends DeliveryContractAnywhere {

    @TempDir
    Path directory;

    private final List<NatsRoad> roads = new ArrayList<>();
    private @Nullable NatsServer server;

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        NatsServer started = NatsServer.start(directory.resolve("hub"));
        server = started;
        return TwoMachines.over(
                host -> {
                    NatsRoad road = started.road(host);
                    roads.add(road);
                    return road;
                },
                retention);
    }

    @Override
    protected int letters() {
        return 20;
    }

    @AfterEach
    void stop() {
        roads.forEach(NatsRoad::close);
        if (server != null) {
            server.close();
        }
    }
}
