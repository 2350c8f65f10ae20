package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.setup.Examination.Level;
import dev.parley.testing.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor sees in the clients' configuration. */
class ClientDoctorTest {

    private Path user;
    private Path system;
    private Path bin;
    private Places places;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        user = Files.createDirectories(root.resolve("user"));
        system = Files.createDirectories(root.resolve("system"));
        bin = Files.createDirectories(root.resolve("bin"));
        program(bin.resolve("claude"), "echo '2.1.328 (Claude Code)'");
        // Told nothing but its version, it cannot tell fingerprints.
        program(bin.resolve("codex"), "[ \"$1\" = --version ] && echo 'codex-cli 0.169.0'");
        places = new Places(
                new Distribution(Path.of("..", "assets").toAbsolutePath().normalize()),
                Map.of("HOME", user.toString(), "PATH", bin + ":" + System.getenv("PATH")),
                Scope.USER,
                user);
    }

    private static void program(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Map<String, Examination> examined() {
        Map<String, Examination> found = new TreeMap<>();
        all().forEach(examination -> found.put(examination.check(), examination));
        return found;
    }

    private void setUp() throws IOException {
        Setup setup = new Setup(places, user.resolve(".parley"), Set.of(), false);
        setup.install(setup.plan());
    }

    private static void assertLevel(Level level, Map<String, Examination> found, String check) {
        Examination examination = found.get(check);
        assertTrue(examination != null, () -> check + " not in " + found.keySet());
        assertEquals(level, examination.level(), examination::toString);
        assertEquals(level != Level.OK, !examination.remedy().isEmpty(), examination::toString);
    }

    @Test
    void beforeSetup() {
        Map<String, Examination> found = examined();
        assertEquals("2.1.328", found.get("claude-code").seen().split(",", 2)[0]);
        for (String client : List.of("claude-code", "codex")) {
            assertLevel(Level.FAILURE, found, client + " server");
            assertLevel(Level.WARNING, found, client + " hooks");
        }
    }

    @Test
    void afterSetup() throws Exception {
        setUp();
        Map<String, Examination> found = examined();
        for (String check : List.of(
                "claude-code server",
                "claude-code hooks",
                "codex server",
                "codex hooks",
                "codex required",
                "codex tool_timeout_sec")) {
            assertLevel(Level.OK, found, check);
        }
        assertLevel(Level.WARNING, found, "codex trust");
    }

    @Test
    void whatHasDriftedSince() throws Exception {
        setUp();
        edit(".claude/settings.json", "\"Stop\"", "\"SubagentStop\"");
        edit(".claude/settings.json", "\"mcp__parley\"", "\"other\"");
        edit(".codex/config.toml", "required = true", "required = false");
        edit(".codex/config.toml", "tool_timeout_sec = 600", "tool_timeout_sec = 20");

        Map<String, Examination> found = examined();

        for (String check :
                List.of("claude-code hooks", "claude-code permissions", "codex required", "codex tool_timeout_sec")) {
            assertLevel(Level.WARNING, found, check);
        }
    }

    @Test
    void whatPointsToNothing() throws Exception {
        setUp();
        edit(".claude.json", "/bin/parley", "/gone/parley");
        edit(".codex/hooks.json", "/hooks/parley-hook", "/gone/parley-hook");

        Map<String, Examination> found = examined();

        assertLevel(Level.FAILURE, found, "claude-code server");
        assertLevel(Level.FAILURE, found, "codex hooks");
    }

    @Test
    void aFileThatNobodyCanRead() throws Exception {
        setUp();
        Files.writeString(user.resolve(".codex/config.toml"), "a = \n");
        Files.writeString(user.resolve(".claude.json"), "{");

        Map<String, Examination> found = examined();

        assertLevel(Level.FAILURE, found, "claude-code configuration");
        assertLevel(Level.FAILURE, found, "codex configuration");
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = user.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void hooksThatAreSwitchedOffAreSeen() throws Exception {
        setUp();
        edit(".claude/settings.json", "\"permissions\"", "\"disableAllHooks\": true, \"permissions\"");
        edit(".codex/config.toml", "[mcp_servers.parley]", "[features]\nhooks = false\n\n[mcp_servers.parley]");

        assertSees(Level.FAILURE, "claude-code hooks", "disableAllHooks");
        assertSees(Level.FAILURE, "codex hooks", "hooks = false under [features]");

        // Who has the last word can switch them on again.
        write(system.resolve("etc/claude-code/managed-settings.json"), "{\"disableAllHooks\": false}");
        assertTrue(all().stream().noneMatch(each -> each.seen().contains("disableAllHooks")));
        write(system.resolve("etc/claude-code/managed-settings.d/10.json"), "{\"allowManagedHooksOnly\": true}");
        write(system.resolve("etc/codex/requirements.toml"), "allow_managed_hooks_only = true\n");
        assertSees(Level.FAILURE, "claude-code hooks", "10.json allows the administrator's hooks only");
        assertSees(Level.FAILURE, "codex hooks", "requirements.toml allows the administrator's hooks only");
    }

    @Test
    void aServerThatIsForbiddenOrSwitchedOffIsSeen() throws Exception {
        setUp();
        edit(".claude.json", "{", "{\"projects\": {\"" + user + "\": {\"disabledMcpServers\": [\"parley\"]}},");
        write(user.resolve(".claude/settings.local.json"), """
                {"permissions": {"deny": ["mcp__parley__send_message"], "ask": ["mcp__parley"]}}
                """);
        write(
                system.resolve("etc/claude-code/managed-settings.json"),
                "{\"allowedMcpServers\": [{\"serverName\": \"x\"}]}");
        write(system.resolve("etc/claude-code/managed-mcp.json"), "{\"mcpServers\": {}}");
        edit(
                ".codex/config.toml",
                "required = true",
                "required = true\nenabled = false\ndisabled_tools = [\"ask_peer\"]");
        write(system.resolve("etc/codex/requirements.toml"), "[mcp_servers.other]\ncommand = \"x\"\n");

        assertSees(Level.FAILURE, "claude-code server", "switched off for " + user);
        assertSees(Level.FAILURE, "claude-code permissions", "these tools cannot be called");
        assertSees(Level.WARNING, "claude-code permissions", "each call asks the user");
        assertSees(Level.FAILURE, "claude-code server", "does not allow it (allowedMcpServers)");
        assertSees(Level.FAILURE, "claude-code server", "only the servers of");
        assertSees(Level.FAILURE, "codex server", "enabled = false");
        assertSees(Level.WARNING, "codex tools", "ask_peer");
        assertSees(Level.FAILURE, "codex server", "does not allow it (mcp_servers)");
    }

    @Test
    void whatIsInstalledTwiceIsSeen() throws Exception {
        setUp();
        edit(
                ".claude/settings.json",
                "\"permissions\"",
                "\"enabledPlugins\": {\"parley@here\": true}, \"permissions\"");
        write(
                user.resolve(".mcp.json"),
                "{\"mcpServers\": {\"parley\": {\"command\": \"parley\", \"args\": [\"serve\"]}}}");

        assertSees(Level.WARNING, "claude-code twice", "the plug-in parley@here and parley setup");
        assertSees(Level.WARNING, "claude-code twice", "project scope, user scope");
        assertSees(Level.WARNING, "claude-code server", "not yet allowed");
        write(user.resolve(".claude/settings.local.json"), "{\"disabledMcpjsonServers\": [\"parley\"]}");
        assertSees(Level.FAILURE, "claude-code server", "you have rejected the server");
    }

    @Test
    void thePlugInAloneIsEnough() throws Exception {
        write(user.resolve(".claude/settings.json"), """
                {"enabledPlugins": {"parley@here": true}, "permissions": {"allow": ["mcp__plugin_parley_parley"]}}
                """);
        Map<String, Examination> found = examined();
        assertLevel(Level.OK, found, "claude-code server");
        assertLevel(Level.OK, found, "claude-code hooks");
        assertTrue(!found.containsKey("claude-code permissions"));
    }

    @Test
    void whatIsSetUpForAProjectIsSeen() throws Exception {
        Places shared = new Places(places.distribution(), places.environment(), Scope.PROJECT, user);
        Setup setup = new Setup(shared, user.resolve(".parley"), Set.of("claude-code"), false);
        setup.install(setup.plan());

        assertSees(Level.FAILURE, "claude-code server", "'parley' (project scope) is not on the PATH");
        program(bin.resolve("parley"), "true");
        Map<String, Examination> found = examined();
        assertLevel(Level.OK, found, "claude-code hooks");
        assertSees(Level.OK, "claude-code server", "parley (project scope)");
    }

    @Test
    void hooksAndAServerOfTwoStoresAreSeen() throws Exception {
        setUp();
        edit(".claude.json", "\"env\": {}", "\"env\": {\"PARLEY_HOME\": \"/elsewhere\"}");
        edit(".codex/hooks.json", "\"command\": \"", "\"command\": \"PARLEY_HOME='/else where' ");

        assertSees(Level.FAILURE, "claude-code store", "the server uses /elsewhere, the hooks the usual store");
        assertSees(Level.FAILURE, "codex store", "the server uses the usual store, the hooks /else where");
    }

    @Test
    void aPipeAsConfigurationIsNotWaitedFor() throws Exception {
        setUp();
        Files.delete(user.resolve(".claude/settings.json"));
        Pipes.make(user.resolve(".claude/settings.json"));
        assertSees(Level.FAILURE, "claude-code configuration", "is a pipe or a device");
    }

    private List<Examination> all() {
        return new ClientDoctor(places, system).examine();
    }

    private void assertSees(Level level, String check, String part) {
        assertTrue(
                all().stream()
                        .anyMatch(each -> each.check().equals(check)
                                && each.level() == level
                                && each.seen().contains(part)
                                && (level == Level.OK || !each.remedy().isEmpty())),
                () -> part + " is not in " + all());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theScriptOfACommandIsFound() {
        assertEquals(
                "/a/parley-hook",
                HookEntries.script("/a/parley-hook codex").orElseThrow().toString());
        assertEquals(
                "/it's/a b/parley-hook",
                HookEntries.script("PARLEY_HOME='/x y' '/it'\\''s/a b/parley-hook' codex")
                        .orElseThrow()
                        .toString());
        for (String foreign : List.of(
                "echo parley-hooks",
                "echo x >> /var/log/parley-hook",
                "/a/parley-hook claude-code | tee /log",
                "timeout 5 /a/parley-hook codex",
                "/a/parley-hook-wrapper codex",
                "cat /a/parley-hook")) {
            assertTrue(!HookEntries.isOurs(foreign), foreign);
        }
    }
}
