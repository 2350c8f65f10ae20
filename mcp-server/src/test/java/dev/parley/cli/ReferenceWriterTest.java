package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.setup.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReferenceWriterTest {

    private static final CommandLine PARLEY = CommandLineTool.all(Map.of());

    @TempDir
    Path out;

    @Test
    void aReleaseHasThePageTheCompletionAndTheCatalog() throws IOException {
        ReferenceWriter.main(new String[] {out.toString(), "1.2.3"});
        String completion = Files.readString(out.resolve("share/bash-completion/completions/parley"));
        assertTrue(completion.contains("complete -F _complete_parley"), completion);
        assertTrue(Files.readString(out.resolve("share/man/man1/parley.1")).contains("\"Parley 1.2.3\""));
        JsonNode alias = JsonMapper.shared()
                .readTree(Files.readString(out.resolve("jbang-catalog.json")))
                .path("aliases")
                .path("parley");
        assertEquals(
                "dev.parley:mcp-server:1.2.3:all@fatjar",
                alias.path("script-ref").asString());
        List<String> options = new ArrayList<>();
        alias.path("runtime-options").forEach(option -> options.add(option.asString()));
        assertEquals(VmOptions.ofServer(), options);
    }

    @Test
    void thePageHasEveryCommandAndOptionThatHelpHas() {
        assertHasAllOf(PARLEY, "", ManualPage.of(PARLEY, "1.2.3"));
    }

    private static void assertHasAllOf(CommandLine above, String prefix, String page) {
        above.getSubcommands().forEach((last, command) -> {
            String name = prefix + last;
            boolean hidden = command.getCommandSpec().usageMessage().hidden();
            String heading = ".SS \"parley " + name.replace("-", "\\-") + "\"\n";
            assertEquals(!hidden, page.contains(heading), name);
            if (!hidden) {
                String rest = page.substring(page.indexOf(heading) + heading.length());
                String section = rest.substring(0, rest.indexOf("\n.S"));
                for (OptionSpec option : command.getCommandSpec().options()) {
                    String label = "\n\\fB" + String.join(", ", option.names()).replace("-", "\\-");
                    assertEquals(!option.hidden(), section.contains(label), name + " " + option.longestName());
                }
                assertHasAllOf(command, name + " ", page);
            }
        });
    }

    @Test
    void noParagraphIsEmpty() {
        assertFalse(ManualPage.of(PARLEY, "1.2.3").contains(".PP\n.PP\n"));
    }

    /** A line that begins with a dot or an apostrophe would be taken for a macro, and vanish. */
    @Test
    void everyLineIsAMacroOrText() {
        for (String line : ManualPage.of(PARLEY, "1.2.3").lines().toList()) {
            assertTrue(
                    !line.startsWith("'")
                            && (!line.startsWith(".") || line.matches("\\.(TH|SH|SS|PP|TP|br)( \".*\")?")),
                    line);
            assertFalse(line.contains("%n") || line.contains("@|"), line);
        }
    }
}
