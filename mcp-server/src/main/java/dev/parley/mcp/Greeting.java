package dev.parley.mcp;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code initialize}, as far as it is sure that the SDK reads them without an error; then all that the
 * answer depends on is the version. That is tested against the SDK.
 */
final class Greeting {
    private static final Set<String> PARAMETERS = Set.of("protocolVersion", "capabilities", "clientInfo", "_meta");
    private static final Set<String> CLIENT = Set.of("name", "title", "version", "description", "websiteUrl");
    private static final Set<String> ELICITATION = Set.of("form", "url");

    private Greeting() {}

    /** The version that the client asks for; empty if these parameters are for the SDK to judge. */
    static Optional<String> version(@Nullable Object params) {
        return params instanceof Map<?, ?> given
                        && PARAMETERS.containsAll(given.keySet())
                        && given.get("protocolVersion") instanceof String version
                        && !version.isEmpty()
                        && isClient(given.get("clientInfo"))
                        && areCapabilities(given.get("capabilities"))
                        && (!given.containsKey("_meta") || given.get("_meta") instanceof Map)
                ? Optional.of(version)
                : Optional.empty();
    }

    private static boolean isClient(@Nullable Object info) {
        if (!(info instanceof Map<?, ?> client)
                || !CLIENT.containsAll(client.keySet())
                || !client.containsKey("name")
                || !client.containsKey("version")) {
            return false;
        }
        for (Object value : client.values()) {
            if (!(value instanceof String text) || text.isBlank()) {
                return false;
            }
        }
        return true;
    }

    private static boolean areCapabilities(@Nullable Object given) {
        if (!(given instanceof Map<?, ?> capabilities)) {
            return false;
        }
        for (Map.Entry<?, ?> capability : capabilities.entrySet()) {
            if (!(capability.getValue() instanceof Map<?, ?> details)
                    || !isKnown(String.valueOf(capability.getKey()), details)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(String capability, Map<?, ?> details) {
        switch (capability) {
            case "experimental":
                return true;
            case "roots":
                return details.isEmpty() || (details.size() == 1 && details.get("listChanged") instanceof Boolean);
            case "sampling":
                return details.isEmpty();
            case "elicitation":
                for (Object way : details.values()) {
                    if (!(way instanceof Map<?, ?> settings) || !settings.isEmpty()) {
                        return false;
                    }
                }
                return ELICITATION.containsAll(details.keySet());
            default:
                return false;
        }
    }
}
