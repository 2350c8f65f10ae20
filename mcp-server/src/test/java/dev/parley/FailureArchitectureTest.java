package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import dev.parley.testing.ModuleRules;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is thrown, in all modules: it is caught by whoever has to expect it, and says something. */
final class FailureArchitectureTest {

    private static final JavaClasses ALL = ModuleRules.classesOf("dev.parley");

    /** What goes on reading after it has returned, and what it throws if the disk fails then. */
    private static final Map<String, Class<?>> LATE = Map.of(
            "newDirectoryStream", DirectoryIteratorException.class,
            "list", UncheckedIOException.class,
            "walk", UncheckedIOException.class,
            "find", UncheckedIOException.class,
            "lines", UncheckedIOException.class);

    /** These look whether there is a message. */
    private static final Set<String> LOOK =
            Set.of("dev.parley.mcp.BoundTool", "dev.parley.mcp.Diagnostics", "dev.parley.mcp.PluginLoader");

    /**
     * A directory or file that cannot be read to its end is told by an unchecked exception. Whoever is prepared for a disk that fails
     * does not expect that: a tool would end with an internal error, a thread for good.
     */
    @Test
    void whoeverReadsBitByBitIsPreparedForADiskThatFailsMeanwhile() {
        assertEquals(List.of(), unprepared(ALL));
        assertTrue(calls(ALL).filter(FailureArchitectureTest::isLate).count() > 10);
    }

    /** A failure without a message would be shown as {@code null}. Parley's own have one. */
    @Test
    void noFailureOfOthersIsShownByItsMessageAlone() {
        assertEquals(List.of(), unsaid(ALL));
        assertTrue(ALL.get(Why.class).getAccessesToSelf().size() > 80);
    }

    @Test
    void theseRulesCanFail() {
        JavaClasses wrong = ModuleRules.testsOf("dev.parley").that(ModuleRules.type(Wrong.class.getName()));
        assertEquals(2, unprepared(wrong).size());
        assertEquals(1, unsaid(wrong).size());
    }

    private static Stream<JavaMethodCall> calls(JavaClasses classes) {
        return classes.stream().flatMap(type -> type.getMethodCallsFromSelf().stream());
    }

    private static boolean isLate(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Files.class) && LATE.containsKey(call.getName());
    }

    private static List<String> unprepared(JavaClasses classes) {
        return calls(classes)
                .filter(FailureArchitectureTest::isLate)
                .filter(call -> call.getOwner().getTryCatchBlocks().stream()
                        .filter(block -> block.getAccessesContainedInTryBlock().contains(call))
                        .flatMap(block -> block.getCaughtThrowables().stream())
                        .noneMatch(caught -> isCaught(LATE.get(call.getName()), caught)))
                .map(JavaMethodCall::getDescription)
                .toList();
    }

    private static boolean isCaught(Class<?> thrown, JavaClass caught) {
        return caught.isEquivalentTo(thrown) || caught.isEquivalentTo(RuntimeException.class);
    }

    private static List<String> unsaid(JavaClasses classes) {
        return calls(classes)
                .filter(call -> call.getName().equals("getMessage"))
                .filter(call -> call.getTargetOwner().isAssignableTo(Throwable.class))
                .filter(call -> !call.getTargetOwner().getName().startsWith("dev.parley."))
                .filter(call -> !call.getOriginOwner().isEquivalentTo(Why.class))
                .filter(call -> !LOOK.contains(call.getOriginOwner().getName()))
                .map(JavaMethodCall::getDescription)
                .toList();
    }

    /** What the rules look for. */
    static final class Wrong {

        static int listed(Path directory) throws IOException {
            int found = 0;
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    found += entry.getNameCount();
                }
            }
            return found;
        }

        static String told(Path file) {
            try (Stream<String> lines = Files.lines(file)) {
                return String.join(" ", lines.toList());
            } catch (IOException e) {
                return "no text: " + e.getMessage();
            }
        }
    }
}
