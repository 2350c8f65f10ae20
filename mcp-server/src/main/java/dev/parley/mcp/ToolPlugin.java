package dev.parley.mcp;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A set of tools that a server offers, found with {@link java.util.ServiceLoader}.
 *
 * <p>A plug-in that fails, in its constructor, in any of these methods or because a class is missing, is skipped and
 * reported; it never stops the server or another plug-in.
 */
public interface ToolPlugin {
    /** The name under which the plug-in is reported; by default the simple name of its class. */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * What turns this plug-in on. Empty, the default, means that it is always on.
     *
     * @see Switch
     */
    default Optional<Switch> switchedOnBy() {
        return Optional.empty();
    }

    /**
     * The tools, in the order in which they are listed. A pure declaration: it is also called at build time, to prepare
     * the catalogue, so it must not open, read or start anything; {@link #start} is the place for that.
     */
    List<Tool<?>> tools();

    /**
     * Called once, before the first call of any of the plug-in's tools and before the server reads its first message.
     *
     * @throws Exception when the plug-in cannot work; its tools are then not offered
     */
    default void start(PluginContext context) throws Exception {}

    /** An environment variable and the value it must have for a plug-in that is off by default. */
    record Switch(String variable, String value) {
        boolean isOn(Map<String, String> environment) {
            return value.equals(environment.get(variable));
        }
    }
}
