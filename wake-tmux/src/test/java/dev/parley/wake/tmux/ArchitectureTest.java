package dev.parley.wake.tmux;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.parley.testing.ModuleRules;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this module may know of. */
final class ArchitectureTest {

    private final JavaClasses module = ModuleRules.classesOf("dev.parley.wake.tmux");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 25, () -> "only " + module.size() + " classes");
    }

    @Test
    void theModuleKnowsTheRungsInterfaceTheLocksTheProcessesAndTheJdk() {
        ModuleRules.knowsOnly(
                        "dev.parley.wake.tmux..",
                        "dev.parley.peer..",
                        "dev.parley.lock..",
                        "dev.parley.process..",
                        "dev.parley.address..",
                        "dev.parley.trace..",
                        "dev.parley.store.process..",
                        "java..",
                        "org.jspecify.annotations..")
                .check(module);
    }

    /** Where a pane is, is found in the process tree; what it shows, on its screen. Nothing that a peer wrote is read. */
    @Test
    void nothingOfTheStoreIsReadButNewIds() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.parley.mailbox..", "dev.parley.ledger.."))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.parley.peer.PeerDirectory")
                .check(module);
    }

    @Test
    void nobodyTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreams().check(module);
    }

    @Test
    void nobodyUsesTheCommonPool() {
        ModuleRules.nobodyUsesTheCommonPool().check(module);
        ModuleRules.nobodyUsesTheCommonPool().check(ModuleRules.testsOf("dev.parley"));
    }

    @Test
    void onlyOneClassStartsProcesses() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Subprocess.class.getName())
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .check(module);
    }

    @Test
    void onlyTypingAndLookingArePublic() {
        assertEquals(
                List.of(PaneText.class.getName(), TmuxSessions.class.getName(), TmuxWaker.class.getName()),
                ModuleRules.publicTypes(module).map(JavaClass::getName).sorted().toList());
    }
}
