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

    /** What a post office is, whatever it is made of. */
    private static final String[] DOMAIN = {
        "dev.parley.address..",
        "dev.parley.trace..",
        "dev.parley.process..",
        "dev.parley.lock..",
        "dev.parley.mailbox..",
        "dev.parley.peer.."
    };

    private static final String ENGINE = "dev.parley.store..";

    private final JavaClasses module = ModuleRules.classesOf("dev.parley");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(module.size() > 70, () -> "only " + module.size() + " classes");
        assertEquals(
                List.of(
                        "dev.parley.address",
                        "dev.parley.lock",
                        "dev.parley.mailbox",
                        "dev.parley.peer",
                        "dev.parley.process",
                        "dev.parley.store",
                        "dev.parley.store.lock",
                        "dev.parley.store.mailbox",
                        "dev.parley.store.peer",
                        "dev.parley.store.process",
                        "dev.parley.trace"),
                module.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(module);
    }

    @Test
    void theModuleKnowsTheJdkTheJsonParserAndNothingElse() {
        ModuleRules.knowsOnly(Stream.concat(
                                Stream.of(DOMAIN),
                                Stream.of(ENGINE, "java..", "tools.jackson.core..", "org.jspecify.annotations.."))
                        .toArray(String[]::new))
                .check(module);
    }

    /** A post office can be made of something else than files. Project looks for {@code .git}: a project is a directory. */
    @Test
    void theDomainKnowsNoEngineAndNoFiles() {
        noClasses()
                .that(resideInAnyPackage(DOMAIN))
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.peer.Project")
                .should()
                .dependOnClassesThat(resideInAnyPackage(ENGINE, "java.nio.file.."))
                .check(module);
        noClasses()
                .that(resideInAnyPackage(DOMAIN))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ENGINE))
                .check(module);
    }

    @Test
    void theLowerPackagesDoNotKnowTheHigher() {
        below("dev.parley.address..", "dev.parley.trace..");
        below("dev.parley.trace..", "dev.parley.address..");
        below("dev.parley.process..", "dev.parley.lock..", "dev.parley.mailbox..", "dev.parley.peer..");
        below("dev.parley.lock..", "dev.parley.mailbox..", "dev.parley.peer..");
        below("dev.parley.mailbox..", "dev.parley.peer..");
        below(
                "dev.parley.store",
                "dev.parley.process..",
                "dev.parley.lock..",
                "dev.parley.mailbox..",
                "dev.parley.peer..",
                "dev.parley.store.*..");
        below(
                "dev.parley.store.process..",
                "dev.parley.store",
                "dev.parley.store.lock..",
                "dev.parley.store.mailbox..");
        below("dev.parley.store.lock..", "dev.parley.store.mailbox..", "dev.parley.store.peer..");
        below("dev.parley.store.mailbox..", "dev.parley.store.peer..");
    }

    private void below(String lower, String... higher) {
        noClasses()
                .that()
                .resideInAPackage(lower)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(higher)
                .check(module);
    }

    /** Standard output is the protocol's. */
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
    void onlyTheDiskAndWhatLooksBesideTheStoreOpensFiles() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.store..")))
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.peer.Project")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.store.process.LocalProcessTable")
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
        // What the office above is made of, and the error that an engine makes more precise.
        assertEquals(
                List.of(
                        "dev.parley.store.lock.FileLease",
                        "dev.parley.store.lock.FileOwnerLock",
                        "dev.parley.store.lock.Locks",
                        "dev.parley.store.peer.FileClientNotes",
                        "dev.parley.store.peer.FilePeerDirectory",
                        "dev.parley.store.process.LocalProcessTable",
                        "dev.parley.trace.DamagedException"),
                open.stream().sorted().toList());
    }

    /** The domain is there to be used; of the engine, most is nobody else's business. */
    @Test
    void mostOfTheEngineIsNobodyElsesBusiness() {
        ModuleRules.assertPublicAtMost(46, module.that(resideInAnyPackage(ENGINE)));
    }
}
