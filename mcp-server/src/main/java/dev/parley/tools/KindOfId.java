package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text that is not an id of another kind than is wanted; if it is, the answer says which kind it is and which tool takes
 * it. What an id looks like stands in a {@code @Pattern} beside it. Null is valid.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@Constraint(validatedBy = KindOfId.Check.class)
@interface KindOfId {

    /** The kind that is wanted. */
    Kind value();

    /** As Bean Validation wants it; what is told is made by {@link Check}. */
    String message() default "is an id of another kind";

    /** As Bean Validation wants it; not used here. */
    Class<?>[] groups() default {};

    /** As Bean Validation wants it; not used here. */
    Class<? extends Payload>[] payload() default {};

    /** The kinds of ids that the tools deal in. */
    enum Kind {
        /** Of one message. */
        MESSAGE("a message id, which reply_to_message and message_status take as message_id"),
        /** Of a question that waits for its answer. */
        REQUEST("a request id, which ask_peer takes as request_id to wait on"),
        /** Of a session. */
        SESSION("a session's id or name, which send_message and ask_peer take as target");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String inWords() {
            return words;
        }

        /** What a text is, if that is certain: nothing but a message's or a request's id looks like one. */
        static Optional<Kind> of(String text) {
            if (MessageId.isValid(text)) {
                return Optional.of(MESSAGE);
            }
            return RequestId.isValid(text) ? Optional.of(REQUEST) : Optional.empty();
        }

        /** The same, where a session's name or id is the only other thing that it can be. */
        static Optional<Kind> ofForeign(String text) {
            Optional<Kind> certain = of(text);
            boolean torn = text.startsWith("m-") || text.startsWith("q-");
            return certain.isPresent() || torn || !dev.parley.address.SessionId.isValid(text)
                    ? certain
                    : Optional.of(SESSION);
        }
    }

    /** The check. */
    final class Check implements ConstraintValidator<KindOfId, String> {

        private Kind wanted = Kind.SESSION;

        /** For the provider. */
        public Check() {}

        @Override
        public void initialize(KindOfId constraint) {
            wanted = constraint.value();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            Optional<Kind> kind = text == null ? Optional.empty() : Kind.ofForeign(text);
            if (kind.isEmpty() || kind.get() == wanted) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate("is " + kind.get().inWords())
                    .addConstraintViolation();
            return false;
        }
    }
}
