package dev.parley.mcp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the plug-ins of a server come from.
 *
 * @param environment what they see, and what turns them on
 * @param given made by whoever made the server
 * @param classPath whose services are taken
 * @param folder whose jars are taken
 */
record PluginSources(
        Map<String, String> environment,
        List<ToolPlugin> given,
        Optional<ClassLoader> classPath,
        Optional<Path> folder) {}
