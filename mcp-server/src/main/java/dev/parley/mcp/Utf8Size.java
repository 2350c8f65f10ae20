package dev.parley.mcp;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A text whose size in bytes of UTF-8 is within bounds. A text with an unpaired surrogate has no UTF-8 form and is
 * invalid. Null is valid.
 *
 * <p>The schema can only bound characters, so it says what is necessary ({@code maxLength} = {@code max}) and gives the
 * bytes in the description.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE_USE})
@Constraint(validatedBy = Utf8SizeValidator.class)
public @interface Utf8Size {
    /** The least size in bytes. */
    int min() default 0;

    /** The greatest size in bytes. */
    int max() default Integer.MAX_VALUE;

    /** The message, when the library's own does not do. */
    String message() default "must have between {min} and {max} bytes of UTF-8";

    /** As Bean Validation wants it; not used here. */
    Class<?>[] groups() default {};

    /** As Bean Validation wants it; not used here. */
    Class<? extends Payload>[] payload() default {};
}
