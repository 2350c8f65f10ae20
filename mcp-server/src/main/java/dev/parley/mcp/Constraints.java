package dev.parley.mcp;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.HibernateValidatorConfiguration;
import org.hibernate.validator.cfg.ConstraintMapping;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * The run-time check of the constraints on input records.
 *
 * <p>To build the validator takes about 100 ms, so {@link #prepare} does it aside, while the client has its handshake and the
 * SDK loads; the first call waits for what is left. A {@link Rehearsal} follows.
 */
final class Constraints {
    private static final CompletableFuture<Validator> VALIDATOR = new CompletableFuture<>();
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private Constraints() {}

    /** Starts to build the validator on a thread of its own, unless that was done before. */
    static void prepare() {
        if (STARTED.compareAndSet(false, true)) {
            Builder builder = new Builder();
            builder.setDaemon(true);
            builder.start();
        }
    }

    /** What is wrong with this input, sorted by field; empty if nothing is. */
    static List<String> problems(Record input) {
        prepare();
        return VALIDATOR.join().validate(input).stream()
                .sorted(Comparator.<ConstraintViolation<Record>, String>comparing(Violation::path)
                        .thenComparing(Violation::rule))
                .map(Violation::text)
                .toList();
    }

    /** Not a lambda: it is started before all else, and the first lambda of a process takes milliseconds to link. */
    private static final class Builder extends Thread {
        Builder() {
            super("parley-constraints");
        }

        @Override
        public void run() {
            try {
                VALIDATOR.complete(validator());
                Rehearsal.run();
            } catch (Throwable t) {
                VALIDATOR.completeExceptionally(t);
            }
        }
    }

    // The factory lives as long as the process.
    @SuppressWarnings("resource")
    private static Validator validator() {
        // Unless it is told, it looks for four logging systems, and the one it finds in the JDK writes on its own.
        if (System.getProperty("org.jboss.logging.provider") == null) {
            System.setProperty("org.jboss.logging.provider", "slf4j");
        }
        HibernateValidatorConfiguration configuration = Validation.byProvider(HibernateValidator.class)
                .configure()
                .ignoreXmlConfiguration()
                .messageInterpolator(new ParameterMessageInterpolator());
        configuration.constraintValidatorFactory(
                new OwnValidators(configuration.getDefaultConstraintValidatorFactory()));
        ConstraintMapping mapping = configuration.createConstraintMapping();
        mapping.constraintDefinition(Size.class)
                .includeExistingValidators(false)
                .validatedBy(SizeInCharacters.class)
                .validatedBy(SizeOfCollection.class)
                .constraintDefinition(Pattern.class)
                .includeExistingValidators(false)
                .validatedBy(MatchesPattern.class);
        return configuration.addMapping(mapping).buildValidatorFactory().getValidator();
    }
}
