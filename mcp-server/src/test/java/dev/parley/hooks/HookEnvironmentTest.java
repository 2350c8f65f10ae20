package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's environment may hold against every script of bash. */
class HookEnvironmentTest {

    private HookFixture hook;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root).started();
        hook.send("hello");
        Files.writeString(root.resolve("noise"), "echo noise\nset -e -u -f\nmv() { echo noise; }\nexit 3\n");
        hook.environment.put("BASH_XTRACEFD", "1");
    }

    private HookRun run() throws Exception {
        return HookRun.directly(
                hook.environment, hook.client, hook.input("UserPromptSubmit").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SHELLOPTS=errexit:nounset",
                "SHELLOPTS=braceexpand:noglob:xtrace:verbose:noclobber:posix:histexpand",
                "SHELLOPTS=noexec",
                "BASHOPTS=nocasematch:nocaseglob:failglob:dotglob",
                "BASH_ENV=ROOT/noise",
                "ENV=ROOT/noise",
                "POSIXLY_CORRECT=1",
                "BASH_COMPAT=3.1",
                "FUNCNEST=1",
                "TMOUT=1",
                "GLOBIGNORE=*",
                "EXECIGNORE=*",
                "IFS=abcdefgh",
                "CDPATH=/",
                "LC_ALL=tr_TR.UTF-8",
                "PATH=",
                "BASH_FUNC_mv%%=() { echo noise; }",
                "BASH_FUNC_printf%%=() { echo noise; }",
                "BASH_FUNC_read%%=() { echo noise; }",
                "BASH_FUNC_[[%%=() { echo noise; }",
                "BASH_FUNC_exec%%=() { echo noise; }",
                "BASH_FUNC_trap%%=() { echo noise; }",
                "BASH_FUNC_unset%%=() { echo noise; }",
                "BASH_FUNC_set%%=() { echo noise; }",
                "BASH_FUNC_field%%=() { echo noise; }"
            })
    void nothingInItChangesWhatIsHandedOver(String variable) throws Exception {
        int equals = variable.indexOf('=');
        hook.environment.put(
                variable.substring(0, equals),
                variable.substring(equals + 1)
                        .replace("ROOT", hook.home.getParent().toString()));
        String context = run().context("UserPromptSubmit");
        assertTrue(context.contains("\nhello\n"), context);
        assertEquals(1, hook.names("cur").size());
    }

    @Test
    void withoutABashNothingHappens() throws Exception {
        hook.environment.put("PATH", "/nonexistent");
        HookRun run = run();
        assertEquals(0, run.exit());
        assertEquals("", run.out());
        assertEquals(1, hook.names("new").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no number", "../../x", "0", "-1"})
    void aClientsNumberThatIsNoneIsNotUsed(String number) throws Exception {
        hook.environment.put("CLAUDE_PID", number);
        Files.delete(hook.pointer());
        hook.run(hook.input("SessionStart").with("source", "startup"));
        // Its parent is this test.
        assertTrue(Files.exists(hook.pointer()));
    }
}
