package dev.parley.mcp;

/**
 * A plug-in that was skipped.
 *
 * @param plugin its name, its class or its jar, whatever is known
 * @param reason one line, for people
 */
public record PluginProblem(String plugin, String reason) {}
