package dev.parley;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.peer.Peer;
import dev.parley.testing.ModuleRules;
import dev.parley.trace.Why;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the packages of this module hang together, and how they hang on the modules below. */
final class ArchitectureTest {

    private static final String[] BELOW = {
        "dev.parley.address..",
        "dev.parley.trace..",
        "dev.parley.process..",
        "dev.parley.lock..",
        "dev.parley.mailbox..",
        "dev.parley.peer..",
        "dev.parley.ledger..",
        "dev.parley.office..",
        "dev.parley.remote..",
        "dev.parley.store.."
    };
    private static final String[] APPLICATION = {
        "dev.parley.client..",
        "dev.parley.tools..",
        "dev.parley.session..",
        "dev.parley.wake",
        "dev.parley.overview..",
        "dev.parley.supervise..",
        "dev.parley.work..",
        "dev.parley.cockpit..",
        "dev.parley.cli..",
        "dev.parley.serve..",
        "dev.parley.setup..",
        "dev.parley.rpc..",
        "dev.parley.supervise..",
        "dev.parley.bench..",
        "dev.parley.transcript.."
    };

    /** All modules: those below stand on the class path. */
    private static final JavaClasses ALL = ModuleRules.classesOf("dev.parley");

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> location.contains("/mcp-server/target/classes/"))
            .importPackages("dev.parley");

    /** A rule that looks at nothing is always kept. */
    @Test
    void theRulesLookAtEverything() {
        Map<String, Long> classes = new TreeMap<>(ALL.stream()
                .map(JavaClass::getPackageName)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
        assertTrue(MODULE.size() > 180, () -> "only " + MODULE.size() + " classes of this module");
        assertTrue(ALL.size() > MODULE.size() + 120, () -> "only " + ALL.size() + " classes of all modules");
        for (String each : List.of(
                "mailbox",
                "ledger",
                "wake.tmux",
                "mcp",
                "tools",
                "client",
                "session",
                "wake",
                "overview",
                "cockpit",
                "cockpit.web",
                "serve",
                "cli")) {
            assertTrue(classes.getOrDefault("dev.parley." + each, 0L) >= 5, () -> each + " is missing in " + classes);
        }
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void theServerLibraryKnowsNobodysTools() {
        noClasses()
                .that()
                .resideInAPackage("dev.parley.mcp..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.parley..").and(not(resideInAnyPackage("dev.parley.mcp.."))))
                .check(ALL);
    }

    @Test
    void theModulesBelowSeeNeitherTheProtocolNorThisModule() {
        noClasses()
                .that()
                .resideInAnyPackage(BELOW)
                .or()
                .resideInAPackage("dev.parley.wake.tmux..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(APPLICATION)
                        .or(resideInAnyPackage("dev.parley.mcp..", "io.modelcontextprotocol..")))
                .check(ALL);
    }

    @Test
    void onlyTheCommandKnowsTheCommandLine() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.cli..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.cli..", "picocli..")
                .check(ALL);
    }

    /** The server is put together above all that it is made of, and told to serve by the command alone. */
    @Test
    void onlyTheCommandStartsTheServer() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.serve..", "dev.parley.cli..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.serve..")
                .check(ALL);
    }

    /** What asks other programs something is not loaded by who serves. */
    @Test
    void noServerAsksOtherPrograms() {
        noClasses()
                .that(not(resideInAnyPackage(
                        "dev.parley.rpc..", "dev.parley.cli..", "dev.parley.setup..", "dev.parley.bench..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.rpc..")
                .check(ALL);
    }

    /** Nor the libraries that only the setup of clients needs. */
    @Test
    void noServerLoadsWhatOnlySetupNeeds() {
        noClasses()
                .that(not(resideInAPackage("dev.parley.setup..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.github.difflib..", "org.tomlj..")
                .check(ALL);
    }

    /** It is on the class path only where a hub is used, so nothing else may need it. */
    @Test
    void onlyTheCommandsAboutAHubKnowIt() {
        ArchRule rule = noClasses()
                .that(not(ModuleRules.namedLike(
                        "dev.parley.cli.(DoctorHub|Hub(Configuration|Desk|Join|Leave|Sharing|Status))")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.hub..", "io.nats..");
        rule.check(MODULE);
        assertThrows(
                AssertionError.class,
                () -> noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.parley.hub..")
                        .check(MODULE),
                "those do");
    }

    /** What a person sees is known to the command alone: a server never loads it. */
    @Test
    void onlyTheCommandKnowsTheCockpit() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.cockpit..", "dev.parley.cli..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.cockpit..")
                .check(ALL);
    }

    /**
     * A session is resumed, and a client supervised, by processes of their own: a server starts one, and loads nothing of it. What
     * the command shows of it is in the cockpit, which no server loads either.
     */
    @Test
    void onlyTheCommandResumesAndSupervises() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.supervise..", "dev.parley.cli..", "dev.parley.cockpit..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.supervise..")
                .check(ALL);
    }

    /** And of that, one part. */
    @Test
    void onlyThePageListens() {
        ArchRule rule = noClasses()
                .that(not(resideInAnyPackage("dev.parley.cockpit.web..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.net.httpserver..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(ServerSocket|DatagramSocket|MulticastSocket)")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.nio\\.channels\\.(Asynchronous)?ServerSocketChannel");
        rule.check(ALL);
        assertThrows(
                AssertionError.class,
                () -> noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.sun.net.httpserver..")
                        .check(ALL),
                "the page itself does");
    }

    /** Nor the library for terminals: one class knows it, and only the command knows the view that this class is part of. */
    @Test
    void oneClassOfOneViewKnowsTheTerminalLibrary() {
        noClasses()
                .that(not(ModuleRules.type("dev.parley.cockpit.watch.TerminalTty")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jline..")
                .check(ALL);
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.cockpit.watch..", "dev.parley.cli..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.cockpit.watch..")
                .check(ALL);
    }

    @Test
    void whoASessionIsDoesNotDependOnItsTools() {
        noClasses()
                .that()
                .resideInAPackage("dev.parley.session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.parley.tools..",
                        "dev.parley.wake",
                        "dev.parley.serve..",
                        "dev.parley.cli..",
                        "dev.parley.mcp..")
                .check(ALL);
    }

    /** What tools, commands and views show alike: none of them is known to it, and of waking only how somebody can be reached. */
    @Test
    void theReadModelKnowsTheDomainOnly() {
        classes()
                .that()
                .resideInAPackage("dev.parley.overview..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "dev.parley.overview..",
                                "dev.parley.address..",
                                "dev.parley.trace..",
                                "dev.parley.process..",
                                "dev.parley.mailbox..",
                                "dev.parley.peer..",
                                "dev.parley.ledger..",
                                "dev.parley.office..",
                                "java.io..",
                                "java.lang..",
                                "java.time..",
                                "java.util..",
                                "org.jspecify..")
                        .or(ModuleRules.type("dev.parley.wake.Reach")))
                .check(ALL);
    }

    /** What a person sees is no business of a server's. */
    @Test
    void onlyTheCommandShowsPeopleSomething() {
        noClasses()
                .that(not(resideInAnyPackage("dev.parley.cockpit..", "dev.parley.cli..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.cockpit..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("dev.parley.cockpit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.tools..", "dev.parley.mcp..", "dev.parley.serve..")
                .check(ALL);
    }

    @Test
    void theClientsKnowThePostOfficeAndNoPackageBesideThem() {
        noClasses()
                .that()
                .resideInAPackage("dev.parley.client..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.parley.mcp..")
                        .or(resideInAnyPackage(APPLICATION).and(not(resideInAnyPackage("dev.parley.client..")))))
                .check(ALL);
    }

    /**
     * Who asks which client it is needs its name. Of the modules below, a card says of its session what follows from that,
     * and the rung that types has a reader of screens for each client.
     */
    @Test
    void nobodyButTheClientsThemselvesAsksWhichClientItIs() {
        Set<String> names = Clients.known().stream()
                .flatMap(client -> Stream.concat(Stream.of(client.name()), client.program().stream()))
                .collect(Collectors.toSet());
        assertEquals(Set.of(Peer.CLAUDE_CODE, "claude", Peer.CODEX, Peer.GEMINI_CLI, "gemini", Peer.OPENCODE), names);
        List<String> asking = ALL.stream()
                .filter(type -> StringConstants.of(type).stream().anyMatch(names::contains))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "dev.parley.client.ClaudeCode",
                        "dev.parley.client.Codex",
                        "dev.parley.client.CodexHost",
                        "dev.parley.client.CodexQueueWaker",
                        "dev.parley.client.GeminiCli",
                        "dev.parley.client.GeminiTranscript",
                        "dev.parley.client.OpenCode",
                        "dev.parley.peer.Peer",
                        "dev.parley.wake.tmux.Composer"),
                asking);
    }

    /** A further client is a class of its own and an entry in the list; setup registers what it writes for it. */
    @Test
    void onlySetupKnowsTheClassOfAClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parley.client..")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.ClientSetups")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.ClaudeCodeSetup")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.CodexSetup")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.GeminiCliSetup")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.OpenCodeSetup")
                .should()
                .dependOnClassesThat(assignableTo(Client.class).and(not(type(Client.class))))
                .check(ALL);
    }

    /** A journal of changed files of the user's is a file itself, whatever the post office is made of. */
    @Test
    void onlyWhoOpensAnOfficeKnowsAnEngine() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.parley.session.PostOffices")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.setup.Journal")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.store..")
                .check(MODULE);
    }

    /** Standard output is the protocol's. The command line may use it, as long as it does not serve. */
    @Test
    void nobodyTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreamsBut(
                        resideInAnyPackage("dev.parley.cli..").or(ModuleRules.type("dev.parley.mcp.StandardStreams")))
                .check(ALL);
    }

    @Test
    void nobodyUsesTheCommonPool() {
        ModuleRules.nobodyUsesTheCommonPool().check(ALL);
        ModuleRules.nobodyUsesTheCommonPool().check(ModuleRules.testsOf("dev.parley"));
    }

    @Test
    void lessThanFourInTenTypesArePublic() {
        ModuleRules.assertPublicAtMost(39, MODULE);
    }

    /** A class that is not sealed off is either meant for extension, and says so by being an interface, or an oversight. */
    @Test
    void classesAreFinal() {
        List<String> open = MODULE.stream()
                .filter(type -> !type.isInterface() && !type.isEnum() && !type.isAnonymousClass())
                .filter(type -> !type.getModifiers().contains(JavaModifier.FINAL))
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .sorted(Comparator.comparing(JavaClass::getName))
                .map(JavaClass::getName)
                .toList();
        assertEquals(List.of(), open);
    }

    @Test
    void whoeverReadsBitByBitIsPreparedForADiskThatFailsMeanwhile() {
        assertEquals(List.of(), FailureRules.unprepared(ALL));
        assertTrue(FailureRules.late(ALL).size() > 10);
    }

    @Test
    void noFailureOfOthersIsShownByItsMessageAlone() {
        assertEquals(List.of(), FailureRules.unsaid(ALL));
        assertTrue(ALL.get(Why.class).getAccessesToSelf().size() > 80);
    }

    @Test
    void theRulesOfFailuresCanFail() {
        JavaClasses wrong = new ClassFileImporter().importClasses(FailureRules.Wrong.class);
        assertEquals(2, FailureRules.unprepared(wrong).size());
        assertEquals(1, FailureRules.unsaid(wrong).size());
    }
}
