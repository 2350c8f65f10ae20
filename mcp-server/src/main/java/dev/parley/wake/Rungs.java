package dev.parley.wake;

import dev.parley.client.Clients;
import dev.parley.office.PostOffice;
import dev.parley.peer.Waker;
import dev.parley.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** All rungs there are: those of the clients, and those that {@link ServiceLoader} finds. */
public final class Rungs {

    private Rungs() {}

    /** The rungs of a store, in no order. One that cannot be loaded is traced and left out. */
    public static List<Waker> of(PostOffice office) {
        List<Waker> rungs = new ArrayList<>();
        Clients.known().forEach(client -> rungs.addAll(client.rungs(office)));
        ServiceLoader.load(Waker.class).stream().forEach(provider -> {
            try {
                rungs.add(provider.get().over(office.leases()));
            } catch (ServiceConfigurationError | LinkageError e) {
                office.trace()
                        .event(
                                Event.RUNG_UNUSABLE,
                                Map.of("rung", provider.type().getName(), "reason", e.toString()));
            }
        });
        return rungs;
    }
}
