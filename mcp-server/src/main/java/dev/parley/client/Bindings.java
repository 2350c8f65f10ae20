package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Bindings as results show them. */
public final class Bindings {

    private Bindings() {}

    /** Each part by its name; null where nobody has seen it. */
    public static Map<String, Object> asMap(Binding binding) {
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "session_id", binding.session().map(SessionId::value));
        put(out, "program", binding.program());
        put(out, "directory", binding.directory());
        put(out, "config_home", binding.configHome());
        put(out, "permission_mode", binding.permissionMode());
        put(out, "sandbox", binding.sandbox());
        put(out, "model", binding.model());
        put(out, "transcript", binding.transcript());
        return out;
    }

    /**
     * Why what is kept may not be so any more: its hooks run, and have not noted how the session is run; empty if they have, or
     * need not yet.
     */
    public static Optional<String> notKept(PostOffice office, Peer peer) throws IOException {
        Client client = Clients.of(peer);
        Activity activity = office.peers().presence(peer).activity();
        // Of those that are silent until then, a server says that they are idle.
        boolean isHooked = activity == Activity.BUSY
                || activity == Activity.ASKING
                || (activity == Activity.IDLE && !client.isSilentUntilPrompted());
        return client.resumption().isPresent()
                        && isHooked
                        && office.peers().noted(peer).isEmpty()
                ? Optional.of("its hooks have noted nothing of how it is run now")
                : Optional.empty();
    }

    private static void put(Map<String, Object> out, String name, Optional<String> value) {
        out.put(name, value.orElse(null));
    }
}
