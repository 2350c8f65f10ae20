package dev.parley.mcp;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code @Pattern}: all of the text matches. The provider's own validator keeps patterns in a map by a record, and to link a
 * record's hash code takes a fresh process five milliseconds.
 */
final class MatchesPattern implements ConstraintValidator<Pattern, CharSequence> {
    private java.util.regex.Pattern pattern = java.util.regex.Pattern.compile("");
    private String regexp = "";

    @Override
    public void initialize(Pattern constraint) {
        int flags = 0;
        for (Pattern.Flag flag : constraint.flags()) {
            flags |= flag.getValue();
        }
        pattern = java.util.regex.Pattern.compile(constraint.regexp(), flags);
        regexp = constraint.regexp();
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
        if (text == null || pattern.matcher(text).matches()) {
            return true;
        }
        // As a parameter it is put into messages as it is; as an attribute its braces would be taken for parameters.
        context.unwrap(HibernateConstraintValidatorContext.class).addMessageParameter("regexp", regexp);
        return false;
    }
}
