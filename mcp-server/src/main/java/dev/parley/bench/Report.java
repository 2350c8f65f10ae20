package dev.parley.bench;

import dev.parley.bench.Results.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Results for people, and for programs. */
public final class Report {

    private static final String LEFT = "%-38s";
    private static final String RIGHT = "%18s";

    /** What a server says when it ends may be long. */
    private static final int LONGEST = 300;

    private final Results results;
    private final List<String> labels;

    /** A report on results, with the candidates in this order. */
    public Report(Results results, List<Candidate> candidates) {
        this.results = results;
        this.labels = candidates.stream().map(Candidate::label).toList();
    }

    /** A table: per candidate the median and what 95 in 100 do not exceed, and the second's median over the first's. */
    public String table() {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT, LEFT, "median / 95 %"));
        labels.forEach(label -> out.append(String.format(Locale.ROOT, RIGHT, label)));
        if (labels.size() > 1) {
            out.append(String.format(Locale.ROOT, "%10s", "ratio"));
        }
        out.append('\n');
        Map<Kind, Map<String, String>> failures = results.failures();
        List<String> reasons = new ArrayList<>();
        results.all()
                .forEach((kind, samples) -> row(out, kind, samples, failures.getOrDefault(kind, Map.of()), reasons));
        for (int i = 0; i < reasons.size(); i++) {
            out.append(String.format(Locale.ROOT, "(%d) %s%n", i + 1, reasons.get(i)));
        }
        return out.toString();
    }

    private void row(
            StringBuilder out,
            Kind kind,
            Map<String, Samples> samples,
            Map<String, String> failures,
            List<String> reasons) {
        out.append(String.format(Locale.ROOT, LEFT, kind.title() + ", " + kind.unit()));
        for (String label : labels) {
            Samples values = samples.get(label);
            String cell =
                    values == null ? "-" : String.format(Locale.ROOT, "%.1f / %.1f", values.median(), values.tail());
            if (failures.containsKey(label)) {
                int note = noted(reasons, failures.getOrDefault(label, ""));
                cell = values == null ? "cannot (" + note + ")" : cell + " (" + note + ")";
            }
            out.append(String.format(Locale.ROOT, RIGHT, cell));
        }
        Samples ours = samples.get(labels.get(0));
        Samples theirs = samples.get(labels.get(labels.size() - 1));
        if (labels.size() > 1 && ours != null && theirs != null) {
            out.append(String.format(Locale.ROOT, "%10.2f", theirs.median() / ours.median()));
        }
        out.append('\n');
    }

    /** The number of a reason, which several rows may share. */
    private static int noted(List<String> reasons, String reason) {
        String shown = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
        if (!reasons.contains(shown)) {
            reasons.add(shown);
        }
        return reasons.indexOf(shown) + 1;
    }

    /**
     * The same and more as one JSON object.
     *
     * @param isWhole whether everything was measured
     */
    public String json(boolean isWhole) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("java", System.getProperty("java.vm.version", ""));
        out.put("system", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
        out.put("processors", Runtime.getRuntime().availableProcessors());
        out.put("whole", isWhole);
        Map<Kind, Map<String, String>> failures = results.failures();
        Map<String, Object> kinds = new LinkedHashMap<>();
        results.all().forEach((kind, samples) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("unit", kind.unit());
            samples.forEach((label, values) -> entry.put(label, summary(values)));
            failures.getOrDefault(kind, Map.of()).forEach((label, why) -> cannot(entry, label, why));
            kinds.put(kind.name(), entry);
        });
        out.put("results", kinds);
        return new JsonMapper().writeValueAsString(out);
    }

    private static void cannot(Map<String, Object> entry, String label, String why) {
        Map<String, Object> cell = new LinkedHashMap<>();
        if (entry.get(label) instanceof Map<?, ?> summary) {
            summary.forEach((name, value) -> cell.put(String.valueOf(name), value));
        }
        cell.put("cannot", why);
        entry.put(label, cell);
    }

    private static Map<String, Object> summary(Samples values) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("count", values.count());
        out.put("min", rounded(values.least()));
        out.put("p50", rounded(values.median()));
        out.put("p95", rounded(values.tail()));
        out.put("max", rounded(values.most()));
        return out;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
