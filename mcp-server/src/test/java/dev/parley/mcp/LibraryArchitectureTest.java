package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.parley.testing.ModuleRules;
import org.junit.jupiter.api.Test;

/** This package is a library: it serves anybody's tools and knows none. */
final class LibraryArchitectureTest {
    private final JavaClasses library = ModuleRules.classesOf("dev.parley.mcp");

    @Test
    void itKnowsNothingOfTheMailboxAndTheMessagingTools() {
        ModuleRules.knowsOnly(
                        "dev.parley.mcp..",
                        "java..",
                        "io.modelcontextprotocol..",
                        "reactor.core..",
                        "reactor.util..",
                        "org.reactivestreams..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "com.fasterxml.classmate..",
                        "com.github.victools..",
                        "jakarta.validation..",
                        "org.hibernate.validator..",
                        "org.jspecify.annotations..")
                .check(library);
    }

    @Test
    void onlyOneClassTouchesTheStandardStreams() {
        ModuleRules.nobodyTouchesTheStandardStreamsBut(ModuleRules.type(StandardStreams.class.getName()))
                .check(library);
    }

    @Test
    void lessThanFourInTenTypesArePublic() {
        assertTrue(ModuleRules.types(library).size() > 40);
        ModuleRules.assertPublicAtMost(39, library);
    }
}
