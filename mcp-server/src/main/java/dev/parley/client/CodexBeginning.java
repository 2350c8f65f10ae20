package dev.parley.client;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import dev.parley.peer.Peer;
import java.util.List;
import java.util.Map;

/**
 * Codex': it gives its thread an id itself, and says which when it has begun. So the address is made up, and the server below it
 * finds it in the environment of its Codex process and takes it up.
 */
final class CodexBeginning implements Beginning {

    @Override
    public SessionId address() {
        return new SessionId(Peer.MADE_UP + Ids.random());
    }

    /** A daemon has an environment of its own, in which nobody would find the address. */
    @Override
    public List<String> arguments(Manner manner, SessionId address, String prompt) {
        return manner == Manner.HEADLESS
                ? List.of("exec", "--json", "--skip-git-repo-check", "-")
                : List.of(CodexCommandForm.NO_DAEMON, prompt);
    }

    @Override
    public Map<String, String> variables(SessionId address) {
        return Map.of(ADDRESS, address.value());
    }
}
