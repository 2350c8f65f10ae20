package dev.parley.mcp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This package is a library: it serves anybody's tools and knows none. */
final class LibraryArchitectureTest {
    private final JavaClasses library = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.parley.mcp");

    @Test
    void itKnowsNothingOfTheMailboxAndTheMessagingTools() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
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
                        "org.jspecify.annotations.."))
                .check(library);
    }

    @Test
    void onlyOneClassTouchesTheStandardStreams() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(StandardStreams.class.getName())
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(library);
    }

    @Test
    void lessThanFourInTenTypesArePublic() {
        List<JavaClass> types =
                library.stream().filter(JavaClass::isTopLevelClass).toList();
        long open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .count();

        assertTrue(types.size() > 40, () -> "only " + types.size() + " types were looked at");
        assertTrue(open * 10 < types.size() * 4L, () -> open + " of " + types.size() + " types are public");
    }
}
