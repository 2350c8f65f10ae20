package dev.parley.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rules that every module keeps, and what is needed to state its own. */
public final class ModuleRules {

    private ModuleRules() {}

    /** The classes of these packages and those below, without tests, wherever on the class path they are. */
    public static JavaClasses classesOf(String... packages) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(packages);
    }

    /** The tests of these packages and those below. */
    public static JavaClasses testsOf(String... packages) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages(packages);
    }

    /** What a module is made of depends on these packages and on no others. */
    public static ArchRule knowsOnly(String... packages) {
        return classes().should().onlyDependOnClassesThat(resideInAnyPackage(packages));
    }

    /** Standard output is the protocol's, and a stack trace is for the trace. */
    public static ArchRule nobodyTouchesTheStandardStreams() {
        return nobodyTouchesTheStandardStreamsBut(DescribedPredicate.alwaysFalse());
    }

    /** Standard output is the protocol's; these few types may use the streams nonetheless. */
    public static ArchRule nobodyTouchesTheStandardStreamsBut(DescribedPredicate<? super JavaClass> exempt) {
        return noClasses()
                .that(DescribedPredicate.not(exempt))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace");
    }

    /**
     * What waits has a thread of its own. The JDK's common pool, which is used where no executor is named, has a thread or two on a
     * small machine; from Java 25 on also where it has one, and then two that wait for each other wait for ever.
     */
    public static ArchRule nobodyUsesTheCommonPool() {
        return noClasses()
                .should()
                .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
                .orShould()
                .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
                .orShould()
                .callMethod(ForkJoinPool.class, "commonPool");
    }

    /** One type, by its full name. */
    public static DescribedPredicate<JavaClass> type(String fullName) {
        return DescribedPredicate.describe(fullName, type -> type.getFullName().equals(fullName));
    }

    /** Types whose full name is like this, and what is nested in them. */
    public static DescribedPredicate<JavaClass> namedLike(String pattern) {
        return DescribedPredicate.describe(pattern, type -> type.getName().matches(pattern + "(\\$.*)?"));
    }

    /** The top-level types. */
    public static List<JavaClass> types(JavaClasses classes) {
        return classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
    }

    /** Those of the top-level types that anybody can use. */
    public static Stream<JavaClass> publicTypes(JavaClasses classes) {
        return types(classes).stream().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    /** Fails if more than so many of a hundred top-level types are public. */
    public static void assertPublicAtMost(int percent, JavaClasses classes) {
        long all = types(classes).size();
        long open = publicTypes(classes).count();
        assertTrue(open * 100 <= all * percent, () -> open + " of " + all + " types are public");
    }
}
