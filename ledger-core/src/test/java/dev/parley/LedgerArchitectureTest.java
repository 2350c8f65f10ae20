package dev.parley;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger's module may know of. */
final class LedgerArchitectureTest {

    private static final String LEDGER = "dev.parley.ledger..";

    private final JavaClasses module = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> location.contains("ledger-core"))
            .importPackages("dev.parley");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 40, () -> "only " + module.size() + " classes");
        assertEquals(
                List.of("dev.parley.ledger"),
                module.stream().map(JavaClass::getPackageName).distinct().toList());
    }

    private static ArchRule knowsOnly(String... packages) {
        return classes()
                .that(resideInAPackage("dev.parley.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages));
    }

    @Test
    void theModuleKnowsTheMailboxCoreTheJdkAndNothingElse() {
        knowsOnly(
                        LEDGER,
                        "dev.parley.store..",
                        "dev.parley.lock..",
                        "dev.parley.mailbox..",
                        "dev.parley.peer..",
                        "java..",
                        "org.jspecify.annotations..")
                .check(module);
    }

    @Test
    void theRuleCanFail() {
        ArchRule tooNarrow = knowsOnly(LEDGER, "java..", "org.jspecify.annotations..");
        assertThrows(AssertionError.class, () -> tooNarrow.check(module));
    }

    /** Standard output is the protocol's. */
    @Test
    void nobodyTouchesTheStandardStreams() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(module);
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
        List<JavaClass> types = module.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        long open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .count();
        assertTrue(open * 2 <= types.size() + 1, () -> open + " of " + types.size() + " types are public");
    }
}
