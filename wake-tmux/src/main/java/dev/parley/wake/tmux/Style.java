package dev.parley.wake.tmux;

/**
 * How a character is drawn, as far as it tells what the character means (ECMA-48, SGR).
 *
 * @param bold drawn bold
 * @param dim drawn dim, as both clients draw what is not there: a placeholder, a suggestion
 * @param reverse drawn reversed, as a cursor or a selection
 * @param coloured drawn in a colour other than the terminal's own
 */
record Style(boolean bold, boolean dim, boolean reverse, boolean coloured) {

    static final Style PLAIN = new Style(false, false, false, false);

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
            style = style.with(code);
            if ((code.equals("38") || code.equals("48")) && !codes[i].contains(":") && i + 1 < codes.length) {
                i += codes[i + 1].equals("2") ? 4 : 2;
            }
        }
        return style;
    }

    private Style with(String code) {
        return switch (code) {
            case "", "0" -> PLAIN;
            case "1" -> new Style(true, dim, reverse, coloured);
            case "2" -> new Style(bold, true, reverse, coloured);
            case "22" -> new Style(false, false, reverse, coloured);
            case "7" -> new Style(bold, dim, true, coloured);
            case "27" -> new Style(bold, dim, false, coloured);
            case "39" -> new Style(bold, dim, reverse, false);
            case "38", "30", "31", "32", "33", "34", "35", "36", "37", "90", "91", "92", "93", "94", "95", "96", "97" ->
                new Style(bold, dim, reverse, true);
            default -> this;
        };
    }
}
