package dev.parley;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.parley.testing.ModuleRules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What this module may know of, and how its packages hang together. */
final class ArchitectureTest {

    private static final String[] OURS = {
        "dev.parley.store..", "dev.parley.lock..", "dev.parley.mailbox..", "dev.parley.peer.."
    };

    private final JavaClasses module = ModuleRules.classesOf("dev.parley");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 70, () -> "only " + module.size() + " classes");
        assertEquals(
                List.of("dev.parley.lock", "dev.parley.mailbox", "dev.parley.peer", "dev.parley.store"),
                module.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.parley.(*)..").should().beFreeOfCycles().check(module);
    }

    @Test
    void theModuleKnowsTheJdkTheJsonParserAndNothingElse() {
        ModuleRules.knowsOnly(Stream.concat(
                                Stream.of(OURS),
                                Stream.of("java..", "tools.jackson.core..", "org.jspecify.annotations.."))
                        .toArray(String[]::new))
                .check(module);
    }

    @Test
    void theLowerPackagesDoNotKnowTheHigher() {
        noClasses()
                .that(resideInAnyPackage("dev.parley.store.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(OURS).and(not(resideInAnyPackage("dev.parley.store.."))))
                .check(module);
        noClasses()
                .that(resideInAnyPackage("dev.parley.lock.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.parley.mailbox..", "dev.parley.peer.."))
                .check(module);
    }

    /** Standard output is the protocol's. */
    @Test
    void nobodyTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreams().check(module);
    }

    @Test
    void onlyTheDiskAndWhatLooksBesideTheStoreOpensFiles() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.store..")))
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.peer.Project")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.lock.LocalProcessTable")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .check(module);
    }

    /** Public are interfaces of the domain, its values, its errors and its factories: what another package needs. */
    @Test
    void implementationsAreNotPublic() {
        List<String> open = ModuleRules.publicTypes(module)
                .filter(type -> !type.isInterface() && !type.isRecord() && !type.isEnum())
                .filter(type -> !type.getModifiers().contains(JavaModifier.FINAL)
                        || type.getRawInterfaces().stream().anyMatch(i -> module.contain(i.getName())))
                .map(JavaClass::getName)
                .toList();
        // The one that is its own factory.
        assertEquals(List.of("dev.parley.peer.FilePeerDirectory"), open);
    }

    /** This module is what the others are built from, so more of it is public than of any other; but not ever more. */
    @Test
    void aThirdOfTheTypesIsNobodyElsesBusiness() {
        ModuleRules.assertPublicAtMost(66, module);
    }
}
