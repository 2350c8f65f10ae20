package dev.parley.hub.nats;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of sessions on two machines, with a real nats-server between them. */
@Tag("hub")
final class NatsOpenWorkIT extends OpenWorkContract {

    @RegisterExtension
    static final RealHub HUB = new RealHub();

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return HUB.machines(retention);
    }
}
