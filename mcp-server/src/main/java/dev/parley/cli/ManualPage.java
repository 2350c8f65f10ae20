package dev.parley.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page, in the man macros, made of what the commands say of themselves in {@code --help}. */
final class ManualPage {

    private final StringBuilder page = new StringBuilder();

    private ManualPage() {}

    /** The page of a command line and all its commands but the hidden ones. */
    static String of(CommandLine line, String version) {
        ManualPage page = new ManualPage();
        CommandSpec spec = line.getCommandSpec();
        page.macro("TH", "PARLEY", "1", "", "Parley " + version, "");
        page.macro("SH", "NAME");
        page.text(spec.name() + " - a post office for coding agents");
        page.macro("SH", "SYNOPSIS");
        page.text("parley COMMAND [ARGUMENTS]");
        page.macro("SH", "DESCRIPTION");
        page.paragraphs(spec.usageMessage().description());
        page.paragraphs(spec.usageMessage().footer());
        page.macro("SH", "COMMANDS");
        line.getSubcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                page.command(name, command);
            }
        });
        page.macro("SH", "EXIT STATUS");
        for (Map.Entry<String, String> code : spec.usageMessage().exitCodeList().entrySet()) {
            page.item(code.getKey(), List.of(code.getValue()));
        }
        return page.page.toString();
    }

    private void command(String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        macro("SS", "parley " + name);
        bold(synopsis(command));
        paragraph();
        paragraphs(spec.usageMessage().description());
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            argument(parameter.paramLabel(), parameter);
        }
        for (OptionSpec option : spec.options()) {
            String label = option.arity().max() == 0
                    ? ""
                    : option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : "=" + option.paramLabel();
            argument(String.join(", ", option.names()) + label, option);
        }
        paragraphs(spec.usageMessage().footer());
        command.getSubcommands().forEach((below, its) -> {
            if (!its.getCommandSpec().usageMessage().hidden()) {
                command(name + " " + below, its);
            }
        });
    }

    private void argument(String label, ArgSpec argument) {
        if (!argument.hidden()) {
            item(label, lines(argument.description()));
        }
    }

    private static String synopsis(CommandLine command) {
        CommandLine.Help help =
                new CommandLine.Help(command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return Arrays.stream(help.synopsis(0).split("\\s+")).collect(Collectors.joining(" "));
    }

    private void paragraphs(String[] texts) {
        for (String line : lines(texts)) {
            if (line.isBlank()) {
                paragraph();
            } else {
                text(line);
                macro("br");
            }
        }
    }

    /** The lines of a description, as a terminal without colours shows them. */
    private static List<String> lines(String[] texts) {
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            String plain = Ansi.OFF.string(text.contains("%") ? String.format(text) : text);
            lines.addAll(Arrays.asList(plain.split("\\R", -1)));
        }
        return lines;
    }

    private void item(String label, List<String> texts) {
        macro("TP");
        bold(label);
        texts.forEach(this::text);
    }

    private void bold(String text) {
        page.append("\\fB").append(escaped(text)).append("\\fR\n");
    }

    private void text(String text) {
        String escaped = escaped(text.strip());
        // What begins with one of these would be taken for a macro.
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }

    /** Begins a paragraph, unless one has just begun. */
    private void paragraph() {
        if (page.lastIndexOf(".PP\n") != page.length() - ".PP\n".length()) {
            macro("PP");
        }
    }

    private void macro(String name, String... arguments) {
        page.append('.').append(name);
        for (String argument : arguments) {
            page.append(" \"").append(escaped(argument).replace("\"", "\"\"")).append('"');
        }
        page.append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
    }
}
