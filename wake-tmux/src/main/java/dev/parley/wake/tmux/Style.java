package dev.parley.wake.tmux;

import java.util.Arrays;

/**
 * How a character is drawn, as far as it tells what the character means (ECMA-48, SGR).
 *
 * @param bold drawn bold
 * @param dim drawn dim, as Claude Code and Codex draw what is not there: a placeholder, a suggestion
 * @param reverse drawn reversed, as a cursor or a selection
 * @param colour the parameters of the sequence that set its colour; empty for the terminal's own
 */
record Style(boolean bold, boolean dim, boolean reverse, String colour) {

    static final Style PLAIN = new Style(false, false, false, "");

    /** Whether it is drawn in a colour other than the terminal's own. */
    boolean coloured() {
        return !colour.isEmpty();
    }

    /**
     * The style after one SGR sequence.
     *
     * @param parameters what stands between {@code ESC [} and {@code m}; what is not known in it changes nothing
     */
    Style after(String parameters) {
        Style style = this;
        String[] codes = parameters.split(";", -1);
        for (int i = 0; i < codes.length; i++) {
            // "4:3" is one attribute with a sub-parameter, "38:5:246" one colour.
            String code = codes[i].split(":", 2)[0];
            int last = i;
            if ((code.equals("38") || code.equals("48")) && !codes[i].contains(":") && i + 1 < codes.length) {
                last = Math.min(codes.length - 1, i + (codes[i + 1].equals("2") ? 4 : 2));
            }
            style = style.with(code, String.join(":", Arrays.asList(codes).subList(i, last + 1)));
            i = last;
        }
        return style;
    }

    /**
     * The style after one attribute.
     *
     * @param code which
     * @param whole the same with what belongs to it
     */
    private Style with(String code, String whole) {
        return switch (code) {
            case "", "0" -> PLAIN;
            case "1" -> new Style(true, dim, reverse, colour);
            case "2" -> new Style(bold, true, reverse, colour);
            case "22" -> new Style(false, false, reverse, colour);
            case "7" -> new Style(bold, dim, true, colour);
            case "27" -> new Style(bold, dim, false, colour);
            case "39" -> new Style(bold, dim, reverse, "");
            case "38", "30", "31", "32", "33", "34", "35", "36", "37", "90", "91", "92", "93", "94", "95", "96", "97" ->
                new Style(bold, dim, reverse, whole);
            default -> this;
        };
    }
}
