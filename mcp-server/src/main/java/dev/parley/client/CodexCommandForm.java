package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.client.OptionTable.Part;
import dev.parley.client.OptionTable.Takes;
import dev.parley.peer.Binding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The command line of Codex 0.171.0, as its help tells of it. */
final class CodexCommandForm implements CommandForm {

    /** With it no TUI starts a daemon for all sessions, in which a session would outlive its client. */
    static final String NO_DAEMON = "--no-daemon";

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

    /** The one that takes everything off is a sandbox, too: none. */
    private static final String BYPASS = "--dangerously-bypass-approvals-and-sandbox";

    private static final Set<String> SANDBOX = Set.of("-s", "--sandbox");
    private static final Set<String> SETTING = Set.of("-c", "--config");
    private static final String SANDBOX_SETTING = "sandbox_mode=";
    private static final String FULL = "danger-full-access";

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

    /**
     * It resolves the sandbox anew: without one, a thread that could only read could write. So there always is one: the one that
     * the session was last seen in. A session without any gets that back only if its command line has taken it off, too.
     */
    @Override
    public Resuming resuming(List<String> words, SessionId own, Binding seen) {
        List<Part> parts = OPTIONS.parts(words);
        Optional<String> given =
                parts.stream().flatMap(part -> sandbox(part).stream()).reduce((first, last) -> last);
        String last = seen.sandbox().or(() -> given).orElse(CodexResumption.SAFE_SANDBOX);
        boolean isGiven = given.filter(last::equals).isPresent();
        String sandbox = isGiven || CodexResumption.SANDBOXES.contains(last) ? last : CodexResumption.SAFE_SANDBOX;
        List<String> next = new ArrayList<>(List.of(words.get(0)));
        List<String> leftOut = new ArrayList<>();
        for (Part part : parts) {
            if (!part.known() || (!isGiven && sandbox(part).isPresent())) {
                leftOut.add(part.option());
            } else if (part.isOption() && !OF_ANOTHER_SESSION.contains(part.option())) {
                next.addAll(part.words());
            }
        }
        if (!isGiven) {
            next.addAll(List.of("-s", sandbox));
        }
        next.addAll(List.of("resume", own.value()));
        return new Resuming(supervised(next), List.copyOf(leftOut));
    }

    /** The sandbox that an option chooses; empty if it chooses none. */
    private static Optional<String> sandbox(Part part) {
        if (part.option().equals(BYPASS)) {
            return Optional.of(FULL);
        }
        if (SANDBOX.contains(part.option())) {
            return Optional.of(part.value());
        }
        return SETTING.contains(part.option()) && part.value().startsWith(SANDBOX_SETTING)
                ? Optional.of(part.value()
                        .substring(SANDBOX_SETTING.length())
                        .replace("\"", "")
                        .strip())
                : Optional.empty();
    }
}
