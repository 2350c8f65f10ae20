package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.client.Bindings;
import dev.parley.peer.Binding;
import dev.parley.store.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hook notes that is needed to go on with a session. */
final class HookBindingTest {

    private static final String TOLD = "Parley could not keep what is needed to go on with this session";

    @TempDir
    private Path root;

    private HookFixture hook;

    @BeforeEach
    void setUp() throws Exception {
        hook = new HookFixture(root);
    }

    private static String told(HookRun run) {
        return run.json().path("systemMessage").asString("");
    }

    private Binding binding() throws Exception {
        return hook.peers.binding(hook.peers.find(hook.id).orElseThrow());
    }

    private Path note() {
        return hook.store.part(hook.id, Part.BINDING);
    }

    @Test
    void notesItAtTheStartAndAfterEveryChange() throws Exception {
        hook.run(hook.input("SessionStart").with("source", "startup").with("model", "m-1"));
        Binding first = binding();
        assertEquals(Optional.of(hook.id), first.session());
        assertEquals(Optional.of("default"), first.permissionMode());
        assertEquals(Optional.of("m-1"), first.model());
        assertEquals(Optional.of(hook.project + "/transcript.jsonl"), first.transcript());
        assertEquals(Optional.of(root + "/.claude"), first.configHome());

        hook.environment.put("CLAUDE_CONFIG_DIR", root + "/con\"fig");
        hook.run(hook.input("UserPromptSubmit")
                .with("permission_mode", "bypassPermissions")
                .with("prompt", "say \"model\":\"m-9\""));

        Binding second = binding();
        assertEquals(Optional.of("bypassPermissions"), second.permissionMode());
        assertEquals(Optional.of("m-1"), second.model(), "this event does not tell it");
        assertEquals(Optional.of(root + "/con\"fig"), second.configHome());
    }

    @Test
    void writesNothingWhereNothingChanged() throws Exception {
        hook.started();
        FileTime before = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(note(), before);
        hook.run(hook.input("UserPromptSubmit").with("prompt", "hello"));
        assertEquals(before, Files.getLastModifiedTime(note()));
    }

    @Test
    void readsWhatCodexTellsBehindTheEventsName() throws Exception {
        hook.client = "codex";
        hook.environment.put("CODEX_HOME", root + "/codex");
        hook.run(hook.input("UserPromptSubmit")
                .without("permission_mode")
                .with("model", "fake-model")
                .with("permission_mode", "bypassPermissions")
                .with("prompt", "x".repeat(100_000)));
        Binding binding = binding();
        assertEquals(Optional.of("fake-model"), binding.model());
        assertEquals(Optional.of("bypassPermissions"), binding.permissionMode());
        assertEquals(Optional.of(root + "/codex"), binding.configHome());
    }

    @Test
    void followsNoLink() throws Exception {
        hook.started();
        Files.delete(note());
        Path elsewhere = root.resolve("elsewhere");
        Files.createSymbolicLink(note(), elsewhere);
        hook.run(hook.input("UserPromptSubmit").with("prompt", "hello"));
        assertTrue(Files.isSymbolicLink(note()));
        assertFalse(Files.exists(elsewhere));
    }

    /** Neither is an older note left, which would pass for what is so now. */
    @Test
    void tellsTheUserOfWhatItCannotKeep() throws Exception {
        hook.started();
        assertTrue(Files.exists(note()));
        Path programs = Files.createDirectories(root.resolve("programs"));
        Path mv = Files.writeString(
                programs.resolve("mv"), "#!/bin/bash\n[[ ${*: -1} != */binding ]] || exit 1\nexec /bin/mv \"$@\"\n");
        Files.setPosixFilePermissions(mv, PosixFilePermissions.fromString("rwxr-xr-x"));
        hook.environment.put("PATH", programs + ":" + System.getenv("PATH"));
        hook.send("some mail");

        HookRun run = hook.run(
                hook.input("UserPromptSubmit").with("permission_mode", "plan").with("prompt", "hello"));

        assertTrue(told(run).startsWith(TOLD), run::toString);
        assertTrue(run.context("UserPromptSubmit").contains("some mail"), run::toString);
        assertFalse(Files.exists(note()));
        assertTrue(Bindings.notKept(hook.office(), hook.peers.find(hook.id).orElseThrow())
                .isPresent());
        assertTrue(told(hook.run(hook.input("SessionStart").with("source", "resume")))
                .startsWith(TOLD));

        hook.environment.remove("PATH");
        HookRun next = hook.run(
                hook.input("UserPromptSubmit").with("permission_mode", "plan").with("prompt", "hello"));
        assertFalse(next.out().contains("systemMessage"), next::toString);
        assertEquals(Optional.of("plan"), binding().permissionMode());
        assertEquals(
                Optional.empty(),
                Bindings.notKept(hook.office(), hook.peers.find(hook.id).orElseThrow()));
    }

    @Test
    void tellsTheUserThatSomethingElseIsInItsPlace() throws Exception {
        hook.started();
        Files.delete(note());
        Files.createDirectory(note());

        HookRun run = hook.run(hook.input("UserPromptSubmit").with("prompt", "hello"));

        assertEquals("{\"systemMessage\":\"" + told(run) + "\"}\n", run.out());
        assertTrue(told(run).startsWith(TOLD), run::toString);
        assertTrue(Files.isDirectory(note()));
    }
}
