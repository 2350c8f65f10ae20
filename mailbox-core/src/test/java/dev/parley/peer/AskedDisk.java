package dev.parley.peer;

import dev.parley.store.Disk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;

/** Makes disks that count what they are asked for, with the last part of the path. */
final class AskedDisk {

    private AskedDisk() {}

    static Disk over(Disk disk, Map<String, Integer> asked) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    String what = method.getName();
                    if (arguments != null && arguments[0] instanceof Path path) {
                        what += " " + path.getFileName();
                    }
                    asked.merge(what, 1, Integer::sum);
                    try {
                        return method.invoke(disk, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
