package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The memory of a process and of all it has started, where {@code /proc} tells it.
 *
 * @param resident with all that it shares (RSS)
 * @param proportional with its part of what it shares (PSS)
 * @param own what would be free without it (USS)
 */
record Memory(double resident, double proportional, double own) {

    private static final double KIB_PER_MIB = 1024;

    /** In MiB; empty where the system does not tell, or the process has ended. */
    static Optional<Memory> of(ProcessHandle process) {
        List<ProcessHandle> family =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        double resident = 0;
        double proportional = 0;
        double own = 0;
        for (ProcessHandle each : family) {
            Path rollup = Path.of("/proc", Long.toString(each.pid()), "smaps_rollup");
            try {
                List<String> lines = Files.readAllLines(rollup);
                resident += mib(lines, "Rss:");
                proportional += mib(lines, "Pss:");
                own += mib(lines, "Private_Clean:") + mib(lines, "Private_Dirty:");
            } catch (IOException e) {
                if (each.equals(process)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Memory(resident, proportional, own));
    }

    private static double mib(List<String> lines, String field) {
        return lines.stream()
                        .filter(line -> line.startsWith(field))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / KIB_PER_MIB;
    }

    Map<String, Double> byName() {
        return Map.of("rss", resident, "pss", proportional, "uss", own);
    }
}
