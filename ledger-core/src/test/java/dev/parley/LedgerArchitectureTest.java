package dev.parley;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.testing.ModuleRules;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger's module may know of. */
final class LedgerArchitectureTest {

    private static final String[] DOMAIN = {"dev.parley.ledger..", "dev.parley.office..", "dev.parley.remote.."};

    private final JavaClasses module = ModuleRules.classesOf(
            "dev.parley.ledger",
            "dev.parley.office",
            "dev.parley.remote",
            "dev.parley.store.ledger",
            "dev.parley.store.office",
            "dev.parley.store.remote",
            "dev.parley.store.upkeep");

    /** A rule that looks at nothing is always kept. */
    @Test
    void nobodyUsesTheCommonPool() {
        ModuleRules.nobodyUsesTheCommonPool().check(ModuleRules.testsOf("dev.parley"));
    }

    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 40, () -> "only " + module.size() + " classes");
        assertEquals(
                List.of(
                        "dev.parley.ledger",
                        "dev.parley.office",
                        "dev.parley.remote",
                        "dev.parley.store.ledger",
                        "dev.parley.store.office",
                        "dev.parley.store.remote",
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
                        "dev.parley.remote..",
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

    private static final ArchRule NO_ENGINE_FILES_OR_PIDS = noClasses()
            .that(DescribedPredicate.not(ModuleRules.type("dev.parley.office.contract.OfficeUnderTest")))
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                    "dev.parley.store..", "dev.parley.office.memory..", "dev.parley.process..", "java.nio.file.."));

    /** What an office is held to is what any can be held to. The fixture knows processes, so that the contracts need not. */
    @Test
    void theContractsKnowNoEngineNoFilesAndNoProcessNumbers() {
        JavaClasses contracts = ModuleRules.testsOf("dev.parley.office.contract");
        assertTrue(contracts.contain("dev.parley.office.contract.LeasesContract"), "it looks at nothing");
        NO_ENGINE_FILES_OR_PIDS.check(contracts);
        noClasses()
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("dev.parley.store..", "java.nio.file.."))
                .check(contracts);
    }

    @Test
    void theRuleOfTheContractsCanFail() {
        JavaClasses offices = ModuleRules.testsOf("dev.parley.store.office");
        assertThrows(AssertionError.class, () -> NO_ENGINE_FILES_OR_PIDS.check(offices));
    }

    /** Every contract is run on both offices. */
    @Test
    void bothOfficesAreHeldToEveryContract() {
        List<JavaClass> contracts = ModuleRules.testsOf("dev.parley.office.contract").stream()
                .filter(type -> type.isTopLevelClass() && type.getSimpleName().endsWith("Contract"))
                .filter(type -> !type.getSimpleName().equals("OfficeContract"))
                .toList();
        assertEquals(13, contracts.size(), contracts::toString);
        for (String office : List.of("dev.parley.store", "dev.parley.office.memory")) {
            List<String> kept = ModuleRules.testsOf(office).stream()
                    .flatMap(type -> type.getRawSuperclass().stream())
                    .map(JavaClass::getFullName)
                    .toList();
            for (JavaClass contract : contracts) {
                assertEquals(1, Collections.frequency(kept, contract.getFullName()), () -> office + ": " + contract);
            }
        }
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
