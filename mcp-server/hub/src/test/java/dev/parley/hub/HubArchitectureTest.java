package dev.parley.hub;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.testing.ModuleRules;
import org.junit.jupiter.api.Test;

/** What the hub's module may know of. */
final class HubArchitectureTest {

    private static final JavaClasses MODULE = ModuleRules.classesOf("dev.parley.hub");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtTheWholeModule() {
        assertTrue(MODULE.size() > 30, () -> "only " + MODULE.size() + " classes");
    }

    @Test
    void theModuleKnowsTheModulesBelowItTheHubsClientAndNothingElse() {
        ModuleRules.knowsOnly(
                        "dev.parley.hub..",
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
                        "tools.jackson.core..",
                        "io.nats.client..",
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify.annotations..")
                .check(MODULE);
    }

    @Test
    void theRuleCanFail() {
        ArchRule tooNarrow = ModuleRules.knowsOnly("dev.parley.remote..", "java..", "org.jspecify.annotations..");
        assertThrows(AssertionError.class, () -> tooNarrow.check(MODULE));
    }

    /** Another road is another package. */
    @Test
    void onlyTheRoadItselfKnowsTheClientLibrary() {
        noClasses()
                .that(not(resideInAPackage("dev.parley.hub.nats..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nats..")
                .check(MODULE);
    }

    @Test
    void thatRuleCanFail() {
        assertThrows(
                AssertionError.class,
                () -> noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.nats..")
                        .check(MODULE));
    }

    /** So nothing that a session does waits for the network: it reads and writes files. */
    @Test
    void noSessionMeetsTheRoad() {
        noClasses()
                .that()
                .belongToAnyOf(HubOffice.class, RemoteDelivery.class, RemotePeers.class, RemoteTracker.class)
                .should()
                .transitivelyDependOnClassesThat()
                .areAssignableTo(Road.class)
                .check(MODULE);
    }

    @Test
    void thatRuleCanFailToo() {
        assertThrows(
                AssertionError.class,
                () -> noClasses()
                        .that()
                        .belongToAnyOf(Duty.class)
                        .should()
                        .transitivelyDependOnClassesThat()
                        .areAssignableTo(Road.class)
                        .check(MODULE));
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(MODULE);
    }

    /** Standard output is the protocol's. */
    @Test
    void nobodyTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreams().check(MODULE);
    }

    @Test
    void nobodyUsesTheCommonPool() {
        ModuleRules.nobodyUsesTheCommonPool().check(MODULE);
        ModuleRules.nobodyUsesTheCommonPool().check(ModuleRules.testsOf("dev.parley.hub"));
    }
}
