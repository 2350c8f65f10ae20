package dev.parley.wake.tmux;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this module may know of. */
final class ArchitectureTest {

    private final JavaClasses module = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.parley.wake.tmux");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 25, () -> "only " + module.size() + " classes");
    }

    @Test
    void theModuleKnowsTheRungsInterfaceTheLocksAndTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.parley.wake.tmux..",
                        "dev.parley.peer..",
                        "dev.parley.lock..",
                        "dev.parley.store..",
                        "java..",
                        "org.jspecify.annotations.."))
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
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.parley.store.Store")
                .check(module);
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
                List.of(PaneText.class.getName(), TmuxWaker.class.getName()),
                module.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getName)
                        .sorted()
                        .toList());
    }
}
