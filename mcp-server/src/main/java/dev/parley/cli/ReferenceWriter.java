package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.setup.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes what a release has that follows from the commands: the manual page, the completion for bash, and the jbang catalog. Run by
 * the build of a release: {@code ReferenceWriter target/reference 1.0.0}.
 */
public final class ReferenceWriter {
    private ReferenceWriter() {}

    /**
     * Writes them below a directory, as an installation has them below its prefix; the catalog beside that.
     *
     * @param args the directory, and the version of the artefacts that the catalog names
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("two arguments: the directory and the version");
        }
        Path out = Path.of(args[0]);
        String version = args[1];
        CommandLine parley = CommandLineTool.all(Map.of());
        write(out.resolve("share/man/man1/parley.1"), ManualPage.of(parley, version));
        write(out.resolve("share/bash-completion/completions/parley"), AutoComplete.bash("parley", parley));
        write(out.resolve("jbang-catalog.json"), catalog(version));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
    }

    /** A catalog that needs nothing beside it: its alias is the one jar of all in Maven Central. */
    static String catalog(String version) {
        ObjectNode catalog = JsonMapper.shared().createObjectNode();
        catalog.put("description", "Parley, a post office for coding agents");
        ObjectNode parley = catalog.putObject("aliases").putObject("parley");
        parley.put("script-ref", "dev.parley:mcp-server:" + version + ":all@fatjar");
        parley.put(
                "description",
                "Parley as an MCP server on standard input and output; with arguments, the parley command");
        parley.put("java", "17+");
        VmOptions.ofServer().forEach(parley.putArray("runtime-options")::add);
        return catalog.toPrettyString() + "\n";
    }
}
