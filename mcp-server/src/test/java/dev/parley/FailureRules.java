package dev.parley;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
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

/** What is thrown is caught by whoever has to expect it, and says something. */
final class FailureRules {

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

    private FailureRules() {}

    /** What these classes read bit by bit. */
    static List<String> late(JavaClasses classes) {
        return calls(classes)
                .filter(FailureRules::isLate)
                .map(JavaMethodCall::getDescription)
                .toList();
    }

    private static Stream<JavaMethodCall> calls(JavaClasses classes) {
        return classes.stream().flatMap(type -> type.getMethodCallsFromSelf().stream());
    }

    private static boolean isLate(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Files.class) && LATE.containsKey(call.getName());
    }

    /**
     * Who reads bit by bit and is not prepared for a disk that fails meanwhile. A directory or file that cannot be read to its end is
     * told by an unchecked exception: a tool would end with an internal error, a thread for good.
     */
    static List<String> unprepared(JavaClasses classes) {
        return calls(classes)
                .filter(FailureRules::isLate)
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

    /** Who shows a failure of others by its message alone: one without would be shown as {@code null}. Parley's own have one. */
    static List<String> unsaid(JavaClasses classes) {
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
