package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.client.OptionTable.Part;
import dev.parley.client.OptionTable.Takes;
import dev.parley.peer.Binding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The command line of Claude Code 2.1.332, as its help tells of it. */
final class ClaudeCommandForm implements CommandForm {

    private static final OptionTable OPTIONS = new OptionTable()
            .with(
                    Takes.NOTHING,
                    "--allow-dangerously-skip-permissions",
                    "--ax-screen-reader",
                    "--bare",
                    "--bg",
                    "--background",
                    "--brief",
                    "--chrome",
                    "-c",
                    "--continue",
                    "--dangerously-skip-permissions",
                    "--desktop",
                    "--disable-slash-commands",
                    "--exclude-dynamic-system-prompt-sections",
                    "--fork-session",
                    "--forward-subagent-text",
                    "-h",
                    "--help",
                    "--ide",
                    "--include-hook-events",
                    "--include-partial-messages",
                    "--no-chrome",
                    "--no-session-persistence",
                    "-p",
                    "--print",
                    "--replay-user-messages",
                    "--restricted",
                    "--safe-mode",
                    "--strict-mcp-config",
                    "--tmux",
                    "--verbose",
                    "-v",
                    "--version")
            .with(
                    Takes.ONE,
                    "--agent",
                    "--agents",
                    "--append-system-prompt",
                    "--append-system-prompt-file",
                    "--autocompact",
                    "--debug-file",
                    "--effort",
                    "--environment",
                    "--fallback-model",
                    "--input-format",
                    "--json-schema",
                    "--max-budget-usd",
                    "--model",
                    "-n",
                    "--name",
                    "--output-format",
                    "--permission-mode",
                    "--permission-prompt-tool",
                    "--permission-prompts",
                    "--plugin-dir",
                    "--plugin-url",
                    "--remote-control-session-name-prefix",
                    "--session-id",
                    "--setting-sources",
                    "--settings",
                    "--system-prompt",
                    "--system-prompt-file",
                    "--system-prompt-snapshot")
            .with(
                    Takes.PERHAPS_ONE,
                    "--cloud",
                    "-d",
                    "--debug",
                    "--from-pr",
                    "--prompt-suggestions",
                    "--remote-control",
                    "-r",
                    "--resume",
                    "--teleport",
                    "-w",
                    "--worktree")
            .with(
                    Takes.SEVERAL,
                    "--add-dir",
                    "--allowedTools",
                    "--allowed-tools",
                    "--betas",
                    "--disallowedTools",
                    "--disallowed-tools",
                    "--file",
                    "--mcp-config",
                    "--tools");

    /** They choose a session, or make a place for a new one; the one that goes on has its own. */
    private static final Set<String> OF_ANOTHER_SESSION = Set.of(
            "-c",
            "--continue",
            "--fork-session",
            "--from-pr",
            "-r",
            "--resume",
            "--session-id",
            "--teleport",
            "--tmux",
            "-w",
            "--worktree",
            "--file");

    private static final Set<String> NO_CONVERSATION =
            Set.of("--bg", "--background", "--cloud", "--desktop", "-h", "--help", "-p", "--print", "-v", "--version");

    /** Commands of its own that register no session. Whatever else stands there is said to the model. */
    private static final Set<String> COMMANDS = Set.of(
            "agents",
            "attach",
            "auth",
            "auto-mode",
            "doctor",
            "gateway",
            "import",
            "install",
            "kill",
            "logs",
            "mcp",
            "plugin",
            "plugins",
            "purge",
            "respawn",
            "rm",
            "setup-token",
            "stop",
            "ultrareview",
            "update",
            "upgrade");

    @Override
    public boolean isConversation(List<String> words) {
        List<Part> parts = OPTIONS.parts(words);
        return parts.stream().noneMatch(part -> NO_CONVERSATION.contains(part.option()))
                && (parts.isEmpty()
                        || parts.get(0).isOption()
                        || !COMMANDS.contains(parts.get(0).value()));
    }

    /** Its session lives in its own process anyway. */
    @Override
    public List<String> supervised(List<String> words) {
        return words;
    }

    @Override
    public Optional<SessionId> session(List<String> words) {
        List<Part> parts = OPTIONS.parts(words);
        boolean forks = parts.stream().anyMatch(part -> part.option().equals("--fork-session"));
        Set<String> naming = forks ? Set.of("--session-id") : Set.of("-r", "--resume", "--session-id");
        return parts.stream()
                .filter(part -> naming.contains(part.option()))
                .map(Part::value)
                .filter(Uuids::isUuid)
                .map(SessionId::new)
                .findFirst();
    }

    @Override
    public Resuming resuming(List<String> words, SessionId own, Binding seen) {
        List<String> next = new ArrayList<>(List.of(words.get(0)));
        List<String> leftOut = new ArrayList<>();
        for (Part part : OPTIONS.parts(words)) {
            if (!part.known()) {
                leftOut.add(part.option());
            } else if (part.isOption() && !OF_ANOTHER_SESSION.contains(part.option())) {
                next.addAll(part.words());
            }
        }
        next.addAll(List.of("--resume", own.value()));
        return new Resuming(List.copyOf(next), List.copyOf(leftOut));
    }
}
