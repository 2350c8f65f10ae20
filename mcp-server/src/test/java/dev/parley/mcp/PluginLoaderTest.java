package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

final class PluginLoaderTest {
    private static final String TOOLS = "public record In() {}"
            + " public List<Tool<?>> tools() {"
            + " return List.of(Tool.of(\"%s\", In.class, (in, call) -> Map.of(\"from\", \"jar\"))); }";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream traced = new ByteArrayOutputStream();
    private final Diagnostics diagnostics =
            new Diagnostics(new PrintStream(traced, true, StandardCharsets.UTF_8), "test");
    private final PluginHost host = new PluginHost(Map.of("DEBUG", "1"), Optional::empty, diagnostics);
    private final PluginLoader loader = new PluginLoader(host, diagnostics);

    @BeforeEach
    void makeTheFolderOurs() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> toolNames() {
        return loader.tools().stream().map(bound -> bound.tool().name()).toList();
    }

    private String onlyProblem() {
        assertEquals(1, loader.problems().size(), () -> loader.problems().toString());
        PluginProblem problem = loader.problems().get(0);
        assertTrue(
                traced.toString(StandardCharsets.UTF_8).contains("plug-in " + problem.plugin() + " is skipped"),
                traced::toString);
        return problem.plugin() + ": " + problem.reason();
    }

    private static Tool<?> tool(String name) {
        return Tool.of(name, SamplePlugin.Nothing.class, (input, call) -> Map.of());
    }

    private record Offers(List<Tool<?>> tools) implements ToolPlugin {
        Offers(String... names) {
            this(List.of(names).stream().<Tool<?>>map(PluginLoaderTest::tool).toList());
        }
    }

    private void assertTheNextOneStillWorks() {
        loader.add(new Offers("next"));
        assertTrue(toolNames().contains("next"));
    }

    @Test
    void collectsToolsInOrder() {
        loader.add(new Offers("b", "a"));
        loader.add(new Offers("c"));

        assertEquals(List.of("b", "a", "c"), toolNames());
        assertEquals(List.of(), loader.problems());
    }

    @Test
    void aNameThatIsTakenSkipsTheWholeSecondPlugin() {
        loader.add(new Offers("a"));
        loader.add(new Offers("b", "a"));

        assertEquals(List.of("a"), toolNames());
        assertEquals("Offers: IllegalArgumentException: there is a tool named 'a' already", onlyProblem());
        assertTheNextOneStillWorks();
    }

    @Test
    void aNameUsedTwiceInOnePluginSkipsIt() {
        loader.add(new Offers("a", "a"));

        assertEquals(List.of(), toolNames());
        assertEquals("Offers: IllegalArgumentException: there is a tool named 'a' already", onlyProblem());
    }

    @Test
    void aNameThatNoClientTakesSkipsThePlugin() {
        loader.add(new Offers("no spaces"));

        assertEquals("Offers: IllegalArgumentException: 'no spaces' is not a tool name", onlyProblem());
        assertTheNextOneStillWorks();
    }

    @Test
    void anInputThatNoSchemaFitsSkipsThePlugin() {
        record Unusable(@Nullable Object anything) {}
        loader.add(new Offers(List.of(Tool.of("t", Unusable.class, (input, call) -> Map.of()))));

        assertTrue(
                onlyProblem().contains("Unusable.anything"),
                () -> loader.problems().toString());
        assertTheNextOneStillWorks();
    }

    @Test
    void aPluginThatFailsIsSkipped() {
        loader.add(new ToolPlugin() {
            @Override
            public String name() {
                return "fails";
            }

            @Override
            public List<Tool<?>> tools() {
                throw new NoClassDefFoundError("com/example/Gone");
            }
        });

        assertEquals("fails: NoClassDefFoundError: com/example/Gone", onlyProblem());
        assertTheNextOneStillWorks();
    }

    @Test
    void aPluginThatDoesNotStartOffersNothingHearsNothingAndIsShutDown() {
        List<String> heard = new ArrayList<>();
        loader.add(new ToolPlugin() {
            @Override
            public void start(PluginContext context) throws IOException {
                context.onRequest(request -> heard.add(request.method()));
                context.onShutdown(() -> heard.add("shut down"));
                throw new IOException("no room");
            }

            @Override
            public List<Tool<?>> tools() {
                return List.of(tool("t"));
            }
        });

        host.arrived(new IncomingRequest("ping", JsonNodeFactory.instance.objectNode(), 0));
        host.shutDown();

        assertEquals(List.of(), toolNames());
        assertEquals(List.of("shut down"), heard);
        assertEquals(": IOException: no room", onlyProblem());
    }

    @Test
    void aPluginThatIsOffByDefaultIsNotEvenStarted() {
        record Switched(String variable, String value) implements ToolPlugin {
            @Override
            public Optional<Switch> switchedOnBy() {
                return Optional.of(new Switch(variable, value));
            }

            @Override
            public List<Tool<?>> tools() {
                return List.of(tool(variable.toLowerCase(java.util.Locale.ROOT) + value));
            }
        }
        loader.add(new Switched("DEBUG", "1"));
        loader.add(new Switched("DEBUG", "2"));
        loader.add(new Switched("OTHER", "1"));

        assertEquals(List.of("debug1"), toolNames());
        assertEquals(List.of(), loader.problems());
    }

    @Test
    void aFolderThatIsNotThereHasNoPlugins() {
        loader.addFromFolder(folder.resolve("none"));

        assertEquals(List.of(), toolNames());
        assertEquals(List.of(), loader.problems());
    }

    @Test
    void jarsAreTakenInOrderEachWithAClassLoaderOfItsOwn() throws Exception {
        PluginJar.compile(folder.resolve("b.jar"), "Same", TOOLS.formatted("b"));
        PluginJar.compile(folder.resolve("a.jar"), "Same", TOOLS.formatted("a"));

        loader.addFromFolder(folder);

        assertEquals(List.of("a", "b"), toolNames());
        ClassLoader first = loader.tools().get(0).tool().input().getClassLoader();
        ClassLoader second = loader.tools().get(1).tool().input().getClassLoader();
        assertFalse(first == second);
        assertEquals(ToolPlugin.class.getClassLoader(), first.getParent());
        assertEquals(
                Map.of("from", "jar"),
                loader.tools().get(0).call(JsonNodeFactory.instance.missingNode(), new NoCall()));
    }

    @Test
    void aFileThatIsNoJarIsSkipped() throws IOException {
        Files.writeString(folder.resolve("bad.jar"), "not a jar");
        PluginJar.compile(folder.resolve("good.jar"), "Good", TOOLS.formatted("good"));

        loader.addFromFolder(folder);

        assertEquals(List.of("good"), toolNames());
        assertTrue(onlyProblem().contains("bad.jar: is not a readable jar"), onlyProblem());
    }

    @Test
    void aJarThatNamesAClassItDoesNotHaveIsSkipped() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        PluginJar.pack(folder.resolve("a.jar"), empty, List.of("foreign.Missing", "dev.parley.mcp.Tool"));
        PluginJar.compile(folder.resolve("good.jar"), "Good", TOOLS.formatted("good"));

        loader.addFromFolder(folder);

        assertEquals(List.of("good"), toolNames());
        assertEquals(2, loader.problems().size());
        assertEquals("a.jar", loader.problems().get(0).plugin());
    }

    @Test
    void aConstructorThatFailsSkipsItsPlugin() throws IOException {
        PluginJar.compile(
                folder.resolve("a.jar"),
                "Fails",
                "public Fails() { throw new IllegalStateException(\"not today\"); }" + TOOLS.formatted("t"));

        loader.addFromFolder(folder);

        assertEquals("a.jar: IllegalStateException: not today", onlyProblem());
        assertTheNextOneStillWorks();
    }

    @Test
    void aClassThatCannotBeInitializedSkipsItsPlugin() throws IOException {
        PluginJar.compile(
                folder.resolve("a.jar"), "Fails", "static final int BAD = 1 / \"\".length();" + TOOLS.formatted("t"));

        loader.addFromFolder(folder);

        assertTrue(onlyProblem().startsWith("a.jar: "), onlyProblem());
        assertTheNextOneStillWorks();
    }

    @Test
    void aJarThatOthersMayWriteIsNotRun() throws IOException {
        Path jar = PluginJar.compile(folder.resolve("a.jar"), "Good", TOOLS.formatted("t"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-r--"));

        loader.addFromFolder(folder);

        assertEquals(List.of(), toolNames());
        assertTrue(onlyProblem().contains("is writable by others; chmod go-w"), onlyProblem());
    }

    @Test
    void aFolderThatOthersMayWriteIsNotUsed() throws IOException {
        PluginJar.compile(folder.resolve("a.jar"), "Good", TOOLS.formatted("t"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        loader.addFromFolder(folder);

        assertEquals(List.of(), toolNames());
        assertTrue(onlyProblem().contains("is writable by others"), onlyProblem());
    }
}
