package dev.parley.bench;

import dev.parley.bench.Results.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Results for people, and for programs. */
public final class Report {

    private static final String LEFT = "%-38s";
    private static final String RIGHT = "%18s";

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
        results.all().forEach((kind, samples) -> row(out, kind, samples));
        return out.toString();
    }

    private void row(StringBuilder out, Kind kind, Map<String, Samples> samples) {
        out.append(String.format(Locale.ROOT, LEFT, kind.title() + ", " + kind.unit()));
        for (String label : labels) {
            Samples values = samples.get(label);
            String cell =
                    values == null ? "-" : String.format(Locale.ROOT, "%.1f / %.1f", values.median(), values.tail());
            out.append(String.format(Locale.ROOT, RIGHT, cell));
        }
        Samples ours = samples.get(labels.get(0));
        Samples theirs = samples.get(labels.get(labels.size() - 1));
        if (labels.size() > 1 && ours != null && theirs != null) {
            out.append(String.format(Locale.ROOT, "%10.2f", theirs.median() / ours.median()));
        }
        out.append('\n');
    }

    /** The same and more as one JSON object. */
    public String json() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("java", System.getProperty("java.vm.version", ""));
        out.put("system", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
        out.put("processors", Runtime.getRuntime().availableProcessors());
        Map<String, Object> kinds = new LinkedHashMap<>();
        results.all().forEach((kind, samples) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("unit", kind.unit());
            samples.forEach((label, values) -> entry.put(label, summary(values)));
            kinds.put(kind.name(), entry);
        });
        out.put("results", kinds);
        return new JsonMapper().writeValueAsString(out);
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
