package dev.parley.study;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A curve of few points as SVG: one step to the right per size, upwards the cost as a ratio. */
final class Plot {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int LEFT = 60;
    private static final int BOTTOM = 210;
    private static final int TOP = 50;
    private static final int RIGHT = 530;

    private Plot() {}

    static String svg(String title, String unit, int[] sizes, List<Double> ratios) {
        // At least 2, so that what does not grow looks as if it did not.
        double most = Math.max(2, Collections.max(ratios) * 1.1);
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT));
        text(out, LEFT, 24, "start", title);
        line(out, LEFT, BOTTOM, RIGHT, BOTTOM);
        line(out, LEFT, BOTTOM, LEFT, TOP);
        text(out, LEFT - 6, BOTTOM + 4, "end", "0");
        text(out, LEFT - 6, y(1, most) + 4, "end", "1");
        line(out, LEFT - 3, y(1, most), LEFT, y(1, most));
        text(out, LEFT - 6, TOP + 4, "end", String.format(Locale.ROOT, "%.1f", most));
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < sizes.length; i++) {
            int x = LEFT + 30 + i * (RIGHT - LEFT - 60) / (sizes.length - 1);
            int y = y(ratios.get(i), most);
            points.append(x).append(',').append(y).append(' ');
            out.append(String.format(Locale.ROOT, "<circle cx=\"%d\" cy=\"%d\" r=\"3\" fill=\"#246\"/>%n", x, y));
            text(out, x, y - 8, "middle", String.format(Locale.ROOT, "%.2f", ratios.get(i)));
            text(out, x, BOTTOM + 16, "middle", String.format(Locale.ROOT, "%,d", sizes[i]));
        }
        text(out, (LEFT + RIGHT) / 2, BOTTOM + 34, "middle", unit);
        return out.append("<polyline fill=\"none\" stroke=\"#246\" points=\"" + points.toString().strip() + "\"/>\n</svg>\n")
                .toString();
    }

    private static int y(double ratio, double most) {
        return (int) Math.round(BOTTOM - ratio / most * (BOTTOM - TOP));
    }

    private static void text(StringBuilder out, int x, int y, String anchor, String text) {
        out.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }

    private static void line(StringBuilder out, int x1, int y1, int x2, int y2) {
        out.append(String.format(
                Locale.ROOT, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888\"/>%n", x1, y1, x2, y2));
    }
}
