package dev.parley.mcp;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorFactory;
import java.util.Map;
import java.util.function.Supplier;

/** Makes this package's validators itself, which lets them stay package-private, and leaves the others to the provider. */
final class OwnValidators implements ConstraintValidatorFactory {
    private static final Map<Class<?>, Supplier<ConstraintValidator<?, ?>>> OWN = Map.of(
            Utf8SizeValidator.class, Utf8SizeValidator::new,
            MatchesPattern.class, MatchesPattern::new,
            SizeInCharacters.class, SizeInCharacters::new,
            SizeOfCollection.class, SizeOfCollection::new);

    private final ConstraintValidatorFactory others;

    OwnValidators(ConstraintValidatorFactory others) {
        this.others = others;
    }

    @Override
    public <T extends ConstraintValidator<?, ?>> T getInstance(Class<T> type) {
        Supplier<ConstraintValidator<?, ?>> own = OWN.get(type);
        return own == null ? others.getInstance(type) : type.cast(own.get());
    }

    @Override
    public void releaseInstance(ConstraintValidator<?, ?> validator) {
        others.releaseInstance(validator);
    }
}
