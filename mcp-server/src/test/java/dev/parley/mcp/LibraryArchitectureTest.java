package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.parley.testing.ModuleRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** This package is a library: it serves anybody's tools and knows none. */
final class LibraryArchitectureTest {
    private static final Pattern NAME = Pattern.compile("\\{@code (\\w+)}");

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

    /** The reading order in package-info: each type that is not public stands on one floor, and knows none above it. */
    @Test
    void noTypeKnowsAFloorAboveItsOwn() throws IOException {
        String text = Files.readString(Path.of("src/main/java/dev/parley/mcp/package-info.java"));
        String[] floors = text.split("<li>", -1);
        Map<String, Integer> placed = new TreeMap<>();
        for (int i = 1; i < floors.length; i++) {
            for (Matcher name = NAME.matcher(floors[i]); name.find(); ) {
                assertNull(placed.put(name.group(1), floors.length - i), () -> name.group(1) + " stands on two floors");
            }
        }
        List<String> wrong = new ArrayList<>();
        Set<String> types = new TreeSet<>();
        for (JavaClass type : ModuleRules.types(library)) {
            types.add(type.getSimpleName());
            if (!type.getModifiers().contains(JavaModifier.PUBLIC) && !placed.containsKey(type.getSimpleName())) {
                wrong.add(type.getSimpleName() + " stands on no floor");
            }
        }
        for (JavaClass type : library) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                int here = placed.getOrDefault(outermost(type), Integer.MAX_VALUE);
                int there = placed.getOrDefault(outermost(dependency.getTargetClass()), 0);
                if (there > here) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(types.containsAll(placed.keySet()), placed::toString);
    }

    private static String outermost(JavaClass type) {
        return type.getName().substring(type.getName().lastIndexOf('.') + 1).replaceFirst("[$;].*", "");
    }
}
