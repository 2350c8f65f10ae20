package dev.parley.setup;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;

/** The difference of two texts, line by line, in the unified form. */
final class Diff {

    private static final int CONTEXT = 3;

    private Diff() {}

    /** Empty if the texts are equal. */
    static String unified(String name, String before, String after) {
        List<String> old = lines(before);
        List<String> diff = UnifiedDiffUtils.generateUnifiedDiff(
                before.isEmpty() ? "/dev/null" : name,
                after.isEmpty() ? "/dev/null" : name,
                old,
                DiffUtils.diff(old, lines(after)),
                CONTEXT);
        return diff.isEmpty() ? "" : String.join("\n", diff) + "\n";
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (!text.isEmpty() && !text.endsWith("\n")) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n\\ No newline at end of file");
        }
        return lines;
    }
}
