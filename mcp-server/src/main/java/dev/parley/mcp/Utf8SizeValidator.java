package dev.parley.mcp;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/** Checks {@link Utf8Size}. */
final class Utf8SizeValidator implements ConstraintValidator<Utf8Size, CharSequence> {
    /** What {@link #bytes} answers for a text that has no UTF-8 form. */
    static final long NOT_ENCODABLE = -1;

    private long min;
    private long max;

    @Override
    public void initialize(Utf8Size constraint) {
        min = constraint.min();
        max = constraint.max();
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
        if (text == null) {
            return true;
        }
        long bytes = bytes(text);
        return bytes != NOT_ENCODABLE && bytes >= min && bytes <= max;
    }

    /** How many bytes the text has in UTF-8, or {@link #NOT_ENCODABLE}. */
    static long bytes(CharSequence text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return NOT_ENCODABLE;
            }
        }
        return bytes;
    }
}
