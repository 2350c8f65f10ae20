package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * What a text shall become: pieces of new text, and parts of the old one that are only copied.
 *
 * @param base the old text
 * @param pieces in order
 * @param before the old text for people: what is long and stays is named instead of shown
 * @param after the new text likewise
 */
record Draft(Content base, List<Piece> pieces, String before, String after) {

    private static final long SMALL = 1 << 16;

    /** A part of the result. */
    sealed interface Piece {}

    /** New text. */
    record Fresh(String text) implements Piece {}

    /** Bytes of the old one. */
    record Kept(long from, long to) implements Piece {}

    /** The old text as it is. */
    static Draft unchanged(Content base) {
        return new Draft(base, List.of(new Kept(0, base.size())), "", "");
    }

    /** Another text in place of a short one. */
    static Draft of(Content base, String before, String after) {
        return before.equals(after) ? unchanged(base) : new Draft(base, List.of(new Fresh(after)), before, after);
    }

    /** Whether it is the old text. */
    boolean isUnchanged() {
        return pieces.equals(List.of(new Kept(0, base.size())));
    }

    /** Whether nothing is left. */
    boolean isEmpty() {
        return pieces.stream()
                .allMatch(piece -> piece instanceof Fresh fresh
                        ? fresh.text().isEmpty()
                        : piece instanceof Kept kept && kept.from() == kept.to());
    }

    /** Whether nothing is left but space, or an object without members. */
    boolean isNothing() throws IOException {
        if (base.size() > SMALL && isUnchanged()) {
            return false;
        }
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece instanceof Fresh fresh) {
                text.append(fresh.text());
            } else if (piece instanceof Kept kept && kept.to() - kept.from() > SMALL) {
                return false;
            } else if (piece instanceof Kept kept) {
                text.append(base.text(kept.from(), kept.to()));
            }
        }
        return text.toString().isBlank()
                || text.toString().replaceAll("\\s", "").equals("{}");
    }

    /** Writes the result. */
    void write(OutputStream out) throws IOException {
        for (Piece piece : pieces) {
            if (piece instanceof Fresh fresh) {
                out.write(fresh.text().getBytes(UTF_8));
            } else if (piece instanceof Kept kept) {
                base.copy(kept.from(), kept.to(), out);
            }
        }
    }
}
