package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
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

    private static void put(Map<String, Object> out, String name, Optional<String> value) {
        out.put(name, value.orElse(null));
    }
}
