package dev.parley.ledger;

import dev.parley.store.Disk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;

/** Makes disks that count the verbs they are asked for. */
final class CountedDisk {

    private CountedDisk() {}

    /**
     * The same disk, counted.
     *
     * @param verbs how often each was asked for, by name; those that need not be forced apart from the others; for use by
     *     several threads
     */
    static Disk over(Disk disk, Map<String, Integer> verbs) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    boolean unforced =
                            arguments != null && Arrays.asList(arguments).contains(Disk.Sync.UNFORCED);
                    verbs.merge(unforced ? method.getName() + " unforced" : method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(disk, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
