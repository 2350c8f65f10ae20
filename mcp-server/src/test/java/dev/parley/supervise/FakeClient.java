package dev.parley.supervise;

import dev.parley.fixture.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A script that is called as Claude Code is and does in a terminal what a client does: it has a session, a server as its child, and
 * obeys what is typed. It says whatever happens to it.
 */
final class FakeClient {

    /** The session that it begins if it is not told to resume one. */
    static final String SESSION = "7b1f0c4e-52a1-4c3e-9a55-0123456789ab";

    private static final String SCRIPT = """
            #!/usr/bin/env bash
            files=$HOME/.claude
            if [[ $1 == agents ]]; then
                echo '[]'
                exit
            fi
            session=${FAKE_SESSION:-%s}
            given=$*
            while (($# > 0)); do
                [[ $1 != --resume && $1 != --session-id ]] || session=$2
                shift
            done
            # As the real one does: who runs what, and what was said.
            mkdir -p "$files/sessions" "$files/projects/p"
            read -r boot </proc/sys/kernel/random/boot_id
            space=$(readlink /proc/self/ns/pid)
            read -r stat </proc/$$/stat
            stat=(${stat##*) })
            printf '{"pid":%%s,"sessionId":"%%s","procStart":"%%s","pidDomain":"linux:%%s:%%s"}' \
                    $$ "$session" "${stat[19]}" "${boot//-/}" "$space" >"$files/sessions/$$.json"
            trap 'rm -f "$files/sessions/$$.json"' EXIT
            echo '{"type":"user","permissionMode":"default"}' >>"$files/projects/p/$session.jsonl"
            echo "begun as $$ with <$given> in $PWD"
            if [[ -z ${FAKE_DEAF-} ]]; then
                trap 'echo interrupted' INT
                trap 'echo told to quit' QUIT
            elif [[ $FAKE_DEAF == yes ]]; then
                trap '' INT TERM
            fi
            if [[ -z ${FAKE_UNKNOWN-} ]]; then
                export CLAUDE_CODE_SESSION_ID=$session
                exec 9> >(trap - INT EXIT; exec '%s' serve >/dev/null 2>&1)
                printf '%%s\\n' '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
            "capabilities":{},"clientInfo":{"name":"claude-code","version":"1"}}}' \
                    '{"jsonrpc":"2.0","method":"notifications/initialized"}' >&9
                until grep -qs "\\"$$[.]" "$PARLEY_HOME/sessions/$session/session.json"; do sleep 0.1; done
            fi
            echo "ready $session"
            while :; do
                IFS= read -r line || continue
                case $line in
                    limit*)
                        printf '{"type":"assistant","isApiErrorMessage":true,"error":"rate_limit","timestamp":"%%s",' \
                                "$(date -u +%%Y-%%m-%%dT%%H:%%M:%%S.999Z)" >>"$files/projects/p/$session.jsonl"
                        printf '"apiErrorParams":{"rate_limit_info":{"resetsAt":%%s}}}\\n' \
                                $(($(date +%%s) + ${line#limit })) >>"$files/projects/p/$session.jsonl"
                        exit 1 ;;
                    exit*) exit "${line#exit }" ;;
                    size) echo "size $(stty size)" ;;
                    raw) stty raw -echo && echo raw ;;
                    settings) stty -a | grep -o -- '-\\?icanon\\|-\\?echo\\b' | paste -sd, ;;
                    stale) echo "stale <${CLAUDE_PID-}${CODEX_THREAD_ID-}${PARLEY_KEPT_LC_ALL-}> kept <${LC_ALL-} ${KEPT-}>" ;;
                    *) echo "heard $line" ;;
                esac
            done
            """;

    private FakeClient() {}

    /** Puts it where an environment's PATH finds it. */
    static void install(Path directory, Map<String, String> environment) throws IOException {
        Files.createDirectories(directory);
        Path program = directory.resolve("claude");
        Files.writeString(program, SCRIPT.formatted(SESSION, Distribution.launcher()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", directory + ":" + environment.get("PATH"));
    }
}
