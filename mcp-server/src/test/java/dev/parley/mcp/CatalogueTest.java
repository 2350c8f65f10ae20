package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogueTest {
    @TempDir
    private Path folder;

    /** Loads the class from a jar that holds this as its prepared catalogue. */
    private Catalogue prepared(String content) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String name = SamplePlugin.class.getName();
        Path resource = classes.resolve(Catalogue.resource(SamplePlugin.class));
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, content);
        Path type = classes.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(type.getParent());
        try (var in = SamplePlugin.class.getResourceAsStream("SamplePlugin.class")) {
            Files.write(type, in.readAllBytes());
        }
        URL[] own = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(own, CatalogueTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
                return wanted.equals(name) ? findClass(wanted) : super.loadClass(wanted, resolve);
            }
        }) {
            return Catalogue.of(loader.loadClass(name));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsPreparedIsUsed() throws IOException {
        Catalogue catalogue = prepared(Catalogue.fresh(new SamplePlugin()).toString());

        for (Tool<?> tool : new SamplePlugin().tools()) {
            assertEquals(Optional.of(Schemas.of(tool.input())), catalogue.preparedSchema(tool));
        }
    }

    @Test
    void anEntryOfAnotherVersionOfTheToolIsNotUsed() throws IOException {
        Tool<?> tool = new SamplePlugin().tools().get(0);
        Catalogue catalogue = prepared(
                Catalogue.fresh(new SamplePlugin()).toString().replace(tool.description(), "What it once said"));

        assertEquals(Optional.empty(), catalogue.preparedSchema(tool));
        assertEquals(Schemas.of(tool.input()), catalogue.schema(tool));
    }

    @Test
    void aCatalogueThatCannotBeReadIsAsIfItWereNotThere() throws IOException {
        Tool<?> tool = new SamplePlugin().tools().get(0);

        for (String broken : List.of("", "{", "{}", "[1]")) {
            assertEquals(Optional.empty(), prepared(broken).preparedSchema(tool));
        }
        assertEquals(Optional.empty(), Catalogue.of(SamplePlugin.class).preparedSchema(tool));
    }

    /** What the build prepared for every plug-in of this module is what would be made now. */
    @Test
    void thePreparedCataloguesAreUpToDate() {
        List<String> stale = new ArrayList<>();
        for (ToolPlugin plugin : ServiceLoader.load(ToolPlugin.class)) {
            Catalogue catalogue = Catalogue.of(plugin.getClass());
            for (Tool<?> tool : plugin.tools()) {
                if (!catalogue.preparedSchema(tool).equals(Optional.of(Schemas.of(tool.input())))) {
                    stale.add(plugin.name() + "/" + tool.name());
                }
            }
        }
        assertEquals(List.of(), stale);
    }

    /** The frame around what a tool says of itself: with ten tools it must leave room for the words within 8 KB. */
    @Test
    void aToolCostsLittleMoreThanItsWords() {
        int bytes = Catalogue.fresh(new ToolPlugin() {
                    @Override
                    public List<Tool<?>> tools() {
                        return List.of(Tool.of("t", SamplePlugin.Nothing.class, (input, call) -> Map.of()));
                    }
                })
                .get(0)
                .toString()
                .getBytes(StandardCharsets.UTF_8)
                .length;

        assertTrue(bytes <= 180, () -> "an empty tool has " + bytes + " bytes");
    }
}
