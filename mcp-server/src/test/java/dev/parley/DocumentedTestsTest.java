package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The tests that the documents name exist. Whoever renames one has to say so there. */
@TestInstance(Lifecycle.PER_CLASS)
final class DocumentedTestsTest {

    private static final Path CHECKOUT = Path.of("..");
    private static final List<String> MODULES =
            List.of("mailbox-core", "ledger-core", "wake-tmux", "mcp-server/hub", "mcp-server");

    /** A class, or all that end alike, and methods of it; or further methods of the class before. */
    private static final Pattern NAMED = Pattern.compile(
            "(\\*?[A-Z][a-z]\\w*(?:Test|IT|Fuzz|Contract))\\b(?:#([a-z][\\w*+]*))?|(?<=`)#([a-z][\\w*+]*)");

    /** Kinds of tests, not classes. */
    private static final Set<String> SUFFIXES = Set.of("PropertyTest", "ModelTest", "CrashIT", "StdioIT", "ClientIT");

    private static final Pattern SUPERTYPE = Pattern.compile("\\bclass \\w+ extends (\\w+)");

    /** The source of each test class, by its name. */
    private final Map<String, String> sources = new TreeMap<>();

    @BeforeAll
    void readTheTests() throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(CHECKOUT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
    }

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        try (Stream<Path> documents = Files.list(CHECKOUT.resolve("docs"))) {
            for (Path document :
                    documents.filter(d -> d.toString().endsWith(".md")).sorted().toList()) {
                Named found = namedIn(Files.readString(document));
                named += found.count();
                found.missing().forEach(name -> missing.add(document.getFileName() + ": " + name));
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named > 150, "only " + named + " are named");
    }

    @Test
    void aNameThatIsMistypedIsFound() {
        String document = "| `MailboxContract#noSuchMethod`, `#confirmedMailNeverComesBack` | `NoSuchTest` |"
                + " `*ClientIT#noSuch*` | `FileMailboxTest#confirmedMail*+noOther*` |";
        assertEquals(
                List.of("MailboxContract#noSuchMethod", "NoSuchTest", "*ClientIT#noSuch*", "FileMailboxTest#noOther*"),
                namedIn(document).missing());
    }

    /** What a document names. */
    private record Named(int count, List<String> missing) {}

    private Named namedIn(String document) {
        List<String> missing = new ArrayList<>();
        int count = 0;
        String type = "";
        Matcher named = NAMED.matcher(document);
        while (named.find()) {
            type = Optional.ofNullable(named.group(1)).orElse(type);
            if (SUFFIXES.contains(type)) {
                continue;
            }
            Optional<String> methods =
                    Optional.ofNullable(named.group(2)).or(() -> Optional.ofNullable(named.group(3)));
            count++;
            List<String> candidates = candidates(type);
            if (candidates.isEmpty()) {
                missing.add(type);
            }
            for (String method : methods.map(m -> m.split("\\+")).orElse(new String[0])) {
                Pattern declared = Pattern.compile("\\b" + method.replace("*", "\\w*") + "\\(");
                if (!candidates.isEmpty() && candidates.stream().noneMatch(c -> declares(c, declared))) {
                    missing.add(type + "#" + method);
                }
            }
        }
        return new Named(count, missing);
    }

    private List<String> candidates(String type) {
        String name = type.replace("*", "");
        return sources.keySet().stream()
                .filter(known -> type.startsWith("*") ? known.endsWith(name) : known.equals(name))
                .toList();
    }

    /** Whether a class has such a method, or inherits it. */
    private boolean declares(String type, Pattern method) {
        String source = sources.getOrDefault(type, "");
        Matcher supertype = SUPERTYPE.matcher(source);
        return method.matcher(source).find() || (supertype.find() && declares(supertype.group(1), method));
    }
}
