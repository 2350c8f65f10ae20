package dev.parley;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.testing.ModuleRules;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger's module may know of. */
final class LedgerArchitectureTest {

    private static final String[] DOMAIN = {"dev.parley.ledger..", "dev.parley.office.."};

    private final JavaClasses module = ModuleRules.classesOf(
            "dev.parley.ledger",
            "dev.parley.office",
            "dev.parley.store.ledger",
            "dev.parley.store.office",
            "dev.parley.store.upkeep");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 40, () -> "only " + module.size() + " classes");
        assertEquals(
                List.of(
                        "dev.parley.ledger",
                        "dev.parley.office",
                        "dev.parley.store.ledger",
                        "dev.parley.store.office",
                        "dev.parley.store.upkeep"),
                module.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Test
    void theModuleKnowsTheMailboxCoreTheJdkAndNothingElse() {
        ModuleRules.knowsOnly(
                        "dev.parley.ledger..",
                        "dev.parley.office..",
                        "dev.parley.store..",
                        "dev.parley.address..",
                        "dev.parley.trace..",
                        "dev.parley.process..",
                        "dev.parley.lock..",
                        "dev.parley.mailbox..",
                        "dev.parley.peer..",
                        "java..",
                        "org.jspecify.annotations..")
                .check(module);
    }

    @Test
    void theRuleCanFail() {
        ArchRule tooNarrow = ModuleRules.knowsOnly("dev.parley.ledger..", "java..", "org.jspecify.annotations..");
        assertThrows(AssertionError.class, () -> tooNarrow.check(module));
    }

    /** A post office can be made of something else than files. */
    @Test
    void theDomainKnowsNoEngineAndNoFiles() {
        noClasses()
                .that()
                .resideInAnyPackage(DOMAIN)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.store..", "java.nio.file..")
                .check(module);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(module);
    }

    /** Standard output is the protocol's. */
    @Test
    void nobodyTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreams().check(module);
    }

    /** Every file of the store is reached through its disk, so that a test can schedule, fail and forget every step. */
    @Test
    void nobodyOpensFilesPastTheDisk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.channels..")
                .check(module);
    }

    @Test
    void mostTypesAreNobodyElsesBusiness() {
        ModuleRules.assertPublicAtMost(50, module.that(JavaClass.Predicates.resideInAnyPackage("dev.parley.store..")));
    }
}
