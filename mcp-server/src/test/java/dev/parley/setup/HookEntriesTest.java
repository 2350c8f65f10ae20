package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of hooks, as a shell reads them. */
class HookEntriesTest {

    private static JsonText of(String command) throws Exception {
        String group = HookEntries.group(command, 10).toString();
        return HookEntries.of(Content.of("{\"hooks\": {\"Stop\": [" + group + "]}}"));
    }

    private static List<String> afterSetup(String command, String wanted) throws Exception {
        return HookEntries.places(HookEntries.with(of(command), Map.of("Stop", HookEntries.group(wanted, 10)))).stream()
                .map(HookEntries.Place::command)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "PARLEY_HOME=/x | /x",
                "PARLEY_HOME='/x y' | /x y",
                "PARLEY_HOME='/it'\\''s' | /it's",
                "PARLEY_HOME=\"/x y\" | /x y",
                "PARLEY_TRACE=/t PARLEY_HOME=\"/x\" | /x",
                "PARLEY_HOME= | ``",
            })
    void theStoreThatACommandNamesIsReadAsAShellReadsIt(String variables, String store) {
        assertEquals(Optional.of(store), HookEntries.home(variables + " /a/parley-hook codex"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MY_PARLEY_HOME=/y", "MY='a PARLEY_HOME=/y b'"})
    void whatOnlyLooksLikeTheStoreIsAnotherVariable(String variables) throws Exception {
        assertEquals(Optional.empty(), HookEntries.home(variables + " /a/parley-hook codex"));
        assertEquals(Optional.of("/x"), HookEntries.home(variables + " PARLEY_HOME=/x /a/parley-hook codex"));
        assertEquals(
                List.of(variables + " PARLEY_HOME=/x /b/parley-hook codex"),
                afterSetup(
                        "PARLEY_HOME=\"/old\" " + variables + " /a/parley-hook codex",
                        "PARLEY_HOME=/x /b/parley-hook codex"));
    }

    /** A shell looks for a program named "!" behind a variable. */
    @Test
    void aCommandByNameGetsNoVariables() throws Exception {
        String byName = HookEntries.byName("codex");
        assertEquals(List.of(byName), afterSetup("PARLEY_TRACE=/t /a/parley-hook codex", byName));
    }
}
