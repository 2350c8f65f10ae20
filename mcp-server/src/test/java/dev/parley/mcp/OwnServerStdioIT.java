package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.LocalRepository;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code docs/PLUGINS.md} says to somebody with tools of his own: its blocks are built and run as they stand. */
@Timeout(600)
final class OwnServerStdioIT {
    /** Maven may have to fetch what it needs. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Pattern BLOCK =
            Pattern.compile("(?<before>(?:[^\n]+\n)*)\n?```(?<kind>\\w+)\n(?<text>.*?)\n```\n", Pattern.DOTALL);
    /** The block after a paragraph that begins with the path of a file is that file. */
    private static final Pattern FILE =
            Pattern.compile("(?:In a directory of your own, )?`(?<path>[\\w./-]+/[\\w.-]+)`");

    private static final String INSTALL = "mvn -q -DskipTests install";

    /** All that a server of one's own has on its class path. */
    private static final TreeSet<String> LIBRARY = new TreeSet<>(List.of(
            "classmate",
            "hibernate-validator",
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "jakarta.validation-api",
            "jboss-logging",
            "jsonschema-generator",
            "jsonschema-module-jakarta-validation",
            "jspecify",
            "mcp",
            "mcp-core",
            "mcp-json-jackson3",
            "mcp-server",
            "reactive-streams",
            "reactor-core",
            "slf4j-api",
            "slf4j-nop"));

    @TempDir
    private Path root;

    /** A fenced block of the page; its file is empty if it is none. */
    private record Block(String kind, String file, String text) {}

    private static List<Block> blocks() throws IOException {
        String page = Files.readString(Distribution.checkout().resolve("docs/PLUGINS.md"));
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            Matcher file = FILE.matcher(block.group("before"));
            blocks.add(new Block(
                    block.group("kind"), file.lookingAt() ? file.group("path") : "", block.group("text") + "\n"));
        }
        return blocks;
    }

    @Test
    void theLibraryJarHoldsTheLibraryAndOffersNoTools() throws IOException {
        try (JarFile jar = new JarFile(built("mcp-server", "-library.jar").toFile())) {
            List<String> others = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> !name.endsWith("/")
                            && !name.matches("dev/parley/mcp/\\w[\\w$-]*\\.class")
                            && !name.matches("META-INF/(MANIFEST\\.MF|maven/.*)"))
                    .toList();
            assertEquals(List.of(), others);
            assertTrue(jar.stream().anyMatch(entry -> entry.getName().equals("dev/parley/mcp/StdioServer.class")));
        }
    }

    @Test
    @Tag("slow")
    void thePageIsTwoProjectsThatBuildAndServe() throws Exception {
        Path home = Files.createDirectories(root.resolve("home"));
        Path work = Files.createDirectories(root.resolve("work"));
        Map<String, String> environment = environment(home);
        List<JsonNode> shown = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        boolean installed = false;
        for (Block block : blocks()) {
            if (!block.file().isEmpty()) {
                Path file = work.resolve(block.file());
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.text());
            } else if (block.kind().equals("json")) {
                shown.add(Json.WIRE.readTree(block.text()));
            } else if (block.text().strip().equals(INSTALL)) {
                // It would build the checkout, under the tests that use what it built; so only what it leaves.
                install(repository());
                installed = true;
            } else if (block.text().startsWith("java ")) {
                commands.add(block.text().strip());
            } else {
                assertEquals("sh", block.kind(), block::toString);
                assertTrue(installed, "the page begins with " + INSTALL);
                Shell run =
                        Shell.run(List.of("/bin/sh", "-ec", block.text()), environment, work, "", PATIENCE.toSeconds());
                run.exited(0);
                if (block.text().contains("doctor")) {
                    run.says("1 in " + home.resolve(".parley/plugins") + ", all taken");
                }
            }
        }
        assertEquals(2, shown.size());
        assertEquals(1, commands.size());

        assertEquals(shown.get(0), greeted(List.of("parley", "serve"), work, environment));
        assertEquals(shown.get(1), greeted(List.of("/bin/sh", "-c", "exec " + commands.get(0)), work, environment));
        assertFalse(shown.get(1).has("schema_version"));
        TreeSet<String> brought = new TreeSet<>();
        try (Stream<Path> jars = Files.list(work.resolve("greet-server/target/lib"))) {
            jars.forEach(jar -> brought.add(jar.getFileName().toString().replaceFirst("-\\d.*", "")));
        }
        assertEquals(LIBRARY, brought);
    }

    private static JsonNode greeted(List<String> command, Path directory, Map<String, String> environment)
            throws Exception {
        List<String> started = new ArrayList<>(List.of("/usr/bin/env"));
        started.addAll(command);
        try (ServerProcess server = ServerProcess.start(started, directory, environment)) {
            ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "test").put("version", "1");
            server.send("initialize", hello).await();
            server.tell("notifications/initialized", ServerProcess.object());
            ObjectNode call = ServerProcess.object().put("name", "greet");
            call.putObject("arguments").put("name", "Ada");
            JsonNode result = server.send("tools/call", call).await().path("result");
            assertFalse(result.path("isError").booleanValue(false), result::toString);
            assertEquals("", server.errors());
            return Json.WIRE.readTree(
                    result.path("content").path(0).path("text").stringValue());
        }
    }

    /** A home of its own, a local repository of its own, and what Maven has fetched before as a place to get it from. */
    private Map<String, String> environment(Path home) throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path settings = Files.writeString(root.resolve("settings.xml"), settings());
        Path maven = Files.writeString(
                bin.resolve("mvn"),
                "#!/bin/sh\nPATH=${PATH#*:}\nexec mvn -B -gs '" + settings + "' -Dmaven.repo.local='" + repository()
                        + "' \"$@\"\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = new TreeMap<>(Shell.environment(home.resolve(".parley")));
        environment.remove("PARLEY_HOME");
        environment.put("HOME", home.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put(
                "PATH",
                String.join(
                        File.pathSeparator,
                        bin.toString(),
                        Distribution.launcher().getParent().toString(),
                        Distribution.java().getParent().toString(),
                        System.getenv("PATH")));
        return environment;
    }

    private Path repository() {
        return root.resolve("repository");
    }

    private static String settings() {
        String place = "<id>fetched</id><url>"
                + Path.of(System.getProperty("parley.repository")).toUri()
                + "</url><releases><checksumPolicy>ignore</checksumPolicy></releases>"
                + "<snapshots><enabled>false</enabled></snapshots>";
        return "<settings><profiles><profile><id>fetched</id><repositories><repository>" + place
                + "</repository></repositories><pluginRepositories><pluginRepository>" + place
                + "</pluginRepository></pluginRepositories></profile></profiles>"
                + "<activeProfiles><activeProfile>fetched</activeProfile></activeProfiles></settings>\n";
    }

    /** What 'mvn install' leaves in the local repository. */
    private static void install(Path repository) throws IOException {
        LocalRepository.copy(Distribution.checkout().resolve("pom.xml"), repository, "parley", ".pom");
        for (String module : List.of("mailbox-core", "ledger-core", "wake-tmux", "mcp-server")) {
            LocalRepository.copy(
                    Distribution.checkout().resolve(module).resolve("pom.xml"), repository, module, ".pom");
            LocalRepository.copy(built(module, ".jar"), repository, module, ".jar");
        }
        LocalRepository.copy(built("mcp-server", "-library.jar"), repository, "mcp-server", "-library.jar");
        LocalRepository.copy(built("mcp-server", "-all.jar"), repository, "mcp-server", "-all.jar");
    }

    private static Path built(String module, String suffix) {
        return Distribution.checkout()
                .resolve(module)
                .resolve("target")
                .resolve(module + "-" + Distribution.version() + suffix);
    }
}
