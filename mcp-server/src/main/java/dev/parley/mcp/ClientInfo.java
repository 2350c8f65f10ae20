package dev.parley.mcp;

import java.util.Optional;

/**
 * Who is at the other end, as it said in {@code initialize}.
 *
 * @param name such as {@code claude-code} or {@code codex-mcp-client}
 * @param version of the client
 * @param title its name for people
 * @param protocolVersion the version of MCP that was agreed on
 */
public record ClientInfo(String name, String version, Optional<String> title, String protocolVersion) {}
