package dev.parley.mcp;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** {@code @Size} on a list or a set; here because {@link SizeInCharacters} displaces the provider's own validators. */
final class SizeOfCollection implements ConstraintValidator<Size, Collection<?>> {
    private int min;
    private int max;

    @Override
    public void initialize(Size constraint) {
        min = constraint.min();
        max = constraint.max();
    }

    @Override
    public boolean isValid(@Nullable Collection<?> items, ConstraintValidatorContext context) {
        return items == null || (items.size() >= min && items.size() <= max);
    }
}
