package dev.parley.trace;

/** Why something failed, for whoever reads it. */
public final class Why {

    private Why() {}

    /**
     * What was said of a failure: its message; of one that has none, as the JDK's for what came too late or was closed meanwhile, of
     * which kind it is. Never empty, and never {@code null} as a word.
     */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName() : message;
    }
}
