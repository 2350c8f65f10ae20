package dev.parley.mcp;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * {@code @Size} on a text, in characters as JSON Schema counts them: an emoji is one, where {@code String.length} says
 * two. So the schema and the check agree.
 */
final class SizeInCharacters implements ConstraintValidator<Size, CharSequence> {
    private int min;
    private int max;

    @Override
    public void initialize(Size constraint) {
        min = constraint.min();
        max = constraint.max();
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
        if (text == null) {
            return true;
        }
        int characters = count(text);
        return characters >= min && characters <= max;
    }

    /** How many characters (code points) the text has. */
    static int count(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }
}
