package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.client.OptionTable.Part;
import dev.parley.client.OptionTable.Takes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The command line of Codex 0.171.0, as its help tells of it. */
final class CodexCommandForm implements CommandForm {

    /** With it no TUI starts a daemon for all sessions, in which a session would outlive its client. */
    private static final String NO_DAEMON = "--no-daemon";

    private static final OptionTable OPTIONS = new OptionTable()
            .with(
                    Takes.NOTHING,
                    "--all",
                    "--approve-for-me",
                    "--dangerously-bypass-approvals-and-sandbox",
                    "--dangerously-bypass-hook-trust",
                    "-h",
                    "--help",
                    "--include-non-interactive",
                    "--last",
                    "--no-alt-screen",
                    NO_DAEMON,
                    "--oss",
                    "--search",
                    "--strict-config",
                    "-V",
                    "--version",
                    "--worktree")
            .with(
                    Takes.ONE,
                    "--add-dir",
                    "-a",
                    "--ask-for-approval",
                    "-C",
                    "--cd",
                    "-c",
                    "--config",
                    "--disable",
                    "--enable",
                    "--local-provider",
                    "-m",
                    "--model",
                    "-p",
                    "--profile",
                    "--remote",
                    "--remote-auth-token-env",
                    "-s",
                    "--sandbox")
            .with(Takes.SEVERAL, "-i", "--image");

    /** They choose a session or its directory, or belong to the first words to the model. */
    private static final Set<String> OF_ANOTHER_SESSION = Set.of(
            "--all", "-C", "--cd", "-i", "--image", "--include-non-interactive", "--last", NO_DAEMON, "--worktree");

    private static final Set<String> NO_CONVERSATION = Set.of("-h", "--help", "-V", "--version");

    /** Its other commands. Whatever else stands there is said to the model. */
    private static final Set<String> COMMANDS = Set.of(
            "a",
            "agents",
            "app",
            "app-server",
            "apply",
            "archive",
            "cloud",
            "completion",
            "debug",
            "delete",
            "doctor",
            "e",
            "exec",
            "exec-server",
            "features",
            "help",
            "login",
            "logout",
            "mcp",
            "mcp-server",
            "migrate-nfs-db",
            "migrate-rollouts",
            "plugin",
            "queue",
            "remote-control",
            "review",
            "sandbox",
            "unarchive",
            "update");

    @Override
    public boolean isConversation(List<String> words) {
        List<Part> parts = OPTIONS.parts(words);
        return parts.stream().noneMatch(part -> NO_CONVERSATION.contains(part.option()))
                && parts.stream()
                        .filter(part -> !part.isOption())
                        .findFirst()
                        .filter(part -> COMMANDS.contains(part.value()))
                        .isEmpty();
    }

    @Override
    public List<String> supervised(List<String> words) {
        boolean elsewhere = OPTIONS.parts(words).stream()
                .anyMatch(part -> Set.of("--remote", NO_DAEMON).contains(part.option()));
        if (elsewhere || !isConversation(words)) {
            return words;
        }
        List<String> next = new ArrayList<>(words);
        next.add(1, NO_DAEMON);
        return List.copyOf(next);
    }

    @Override
    public Optional<SessionId> session(List<String> words) {
        List<String> said = OPTIONS.parts(words).stream()
                .filter(part -> !part.isOption())
                .map(Part::value)
                .toList();
        return said.size() > 1 && said.get(0).equals("resume") && Uuids.isUuid(said.get(1))
                ? Optional.of(new SessionId(said.get(1)))
                : Optional.empty();
    }

    @Override
    public Resuming resuming(List<String> words, SessionId own) {
        List<String> next = new ArrayList<>(List.of(words.get(0)));
        List<String> leftOut = new ArrayList<>();
        for (Part part : OPTIONS.parts(words)) {
            if (!part.known()) {
                leftOut.add(part.option());
            } else if (part.isOption() && !OF_ANOTHER_SESSION.contains(part.option())) {
                next.addAll(part.words());
            }
        }
        next.addAll(List.of("resume", own.value()));
        return new Resuming(supervised(next), List.copyOf(leftOut));
    }
}
