package dev.parley.mcp;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tools that behave and tools that do not, for the tests that start a real server. */
final class SamplePlugin implements ToolPlugin {
    enum Case {
        UPPER,
        LOWER
    }

    record Echo(
            @Describe("What to say back") @NotBlank @Utf8Size(min = 1, max = 64)
            String text,

            @Describe("How often") @Min(1) @Max(3) @Nullable Integer times,
            @Nullable Case letterCase) {}

    record Nothing() {}

    record Wait(@Nullable @Size(max = 20) String label) {}

    record Linger(int millis) {}

    record Said(String text, int times, @Nullable String never) {}

    private final CountDownLatch forever = new CountDownLatch(1);

    private @Nullable PluginContext context;

    @Override
    public String name() {
        return "samples";
    }

    @Override
    public void start(PluginContext started) {
        context = started;
        started.onRequest(request ->
                started.report("request " + request.method() + " after " + request.answersBefore() + " answers"));
        started.onInitialized(() -> started.report("the client is ready"));
        started.onShutdown(() -> started.report("shut down"));
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of(
                Tool.of("echo", Echo.class, this::echo)
                        .titled("Echo")
                        .describedAs("Says it back")
                        .asReadOnly()
                        .withMeta("anthropic/alwaysLoad", true),
                Tool.of("wait", Wait.class, this::await).describedAs("Waits until it is interrupted"),
                Tool.of("linger", Linger.class, this::linger).describedAs("Takes its time"),
                Tool.of("refuse", Nothing.class, (input, call) -> {
                    throw new ToolException("not-today", "come back tomorrow", Map.of("retry_days", 1));
                }),
                Tool.of("crash", Nothing.class, (input, call) -> {
                    throw new IllegalStateException("a bug");
                }),
                Tool.of("exhaust", Nothing.class, (input, call) -> {
                    return Map.of("length", new long[Integer.MAX_VALUE - 8].length);
                }),
                Tool.of("unlinked", Nothing.class, (input, call) -> {
                    throw new NoClassDefFoundError("gone");
                }),
                Tool.of("nothing", Nothing.class, (input, call) -> nothing()),
                Tool.of("print", Nothing.class, (input, call) -> {
                    System.out.println("a stray line");
                    System.out.flush();
                    return Map.of("printed", true, "read", System.in.read());
                }),
                Tool.of(
                        "whoami",
                        Nothing.class,
                        (input, call) -> Map.of(
                                "client", call.client(),
                                "meta", call.meta(),
                                "wants_progress", call.wantsProgress())));
    }

    private Object echo(Echo echo, CallContext call) {
        PluginContext here = java.util.Objects.requireNonNull(context);
        if (call.meta().path("watched").asBoolean(false)) {
            call.ifDiscarded(() -> here.report("discarded " + echo.text()));
        }
        int times = echo.times() == null ? 1 : echo.times();
        for (int i = 1; i <= times; i++) {
            call.progress(i, times, "saying");
        }
        String text = echo.letterCase() == Case.UPPER ? echo.text().toUpperCase(java.util.Locale.ROOT) : echo.text();
        return new Said(text.repeat(times), times, null);
    }

    /** Work that takes as long as it is told to, unless it is interrupted. */
    private Object linger(Linger linger, CallContext call) throws InterruptedException {
        java.util.Objects.requireNonNull(context).report("lingering");
        return Map.of("early", forever.await(linger.millis(), TimeUnit.MILLISECONDS));
    }

    private Object await(Wait wait, CallContext call) throws InterruptedException {
        String label = wait.label() == null ? "" : wait.label();
        PluginContext here = java.util.Objects.requireNonNull(context);
        call.onCancel(() -> here.report("cancel action " + label));
        call.afterAnswer(answer -> here.report("outcome " + label + " " + answer));
        here.report("waiting " + label);
        forever.await();
        return Map.of();
    }

    @SuppressWarnings("NullAway")
    private static Object nothing() {
        return new HashMap<String, Object>().get("nothing");
    }
}
