package dev.parley.testing;

import dev.parley.store.Disk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/** Makes disks that count what they are asked for, or let something happen in between. */
public final class CountedDisk {

    private CountedDisk() {}

    /**
     * The same disk, counted by verb.
     *
     * @param asked how often each was asked for, by name; those that need not be forced apart from the others; for use by
     *     several threads
     */
    public static Disk byVerb(Disk disk, Map<String, Integer> asked) {
        return over(
                disk, asked, (verb, arguments) -> arguments.contains(Disk.Sync.UNFORCED) ? verb + " unforced" : verb);
    }

    /** The same disk, counted by verb and the last part of the path. */
    public static Disk byVerbAndFile(Disk disk, Map<String, Integer> asked) {
        return over(
                disk,
                asked,
                (verb, arguments) -> !arguments.isEmpty() && arguments.get(0) instanceof Path path
                        ? verb + " " + path.getFileName()
                        : verb);
    }

    private static Disk over(Disk disk, Map<String, Integer> asked, BiFunction<String, List<Object>, String> key) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    List<Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
                    asked.merge(key.apply(method.getName(), given), 1, Integer::sum);
                    try {
                        return method.invoke(disk, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * The same disk, on which something happens once, right after it has done something.
     *
     * @param verb after which of its methods
     * @param file of the file or directory with this name
     */
    public static Disk andThen(Disk disk, String verb, String file, Runnable happens) {
        AtomicBoolean happened = new AtomicBoolean();
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(disk, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals(verb)
                            && arguments != null
                            && arguments[0] instanceof Path path
                            && path.endsWith(file)
                            && happened.compareAndSet(false, true)) {
                        happens.run();
                    }
                    return result;
                });
    }
}
