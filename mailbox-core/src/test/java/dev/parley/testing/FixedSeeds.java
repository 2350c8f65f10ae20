package dev.parley.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Gives each property a seed of its own that is the same in every run, so that the default build is deterministic: what is
 * green once is green everywhere. The profile {@code full} sets {@code parley.seeds} to {@code random}: there jqwik draws a
 * new seed for each run, and what that finds becomes a test with a name.
 *
 * <p>jqwik finds this class through {@code META-INF/services}, in every module that has these tests on its class path.
 */
public final class FixedSeeds implements AroundPropertyHook {

    /** The system property that the profile {@code full} sets to {@code random}. */
    static final String SEEDS = "parley.seeds";

    /** The system property by which {@code .ci/run --long} has properties tried so many times as often. */
    static final String TRIES = "parley.search.tries";

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (!System.getProperty(SEEDS, "").equals("random")
                && context.attributes().seed().isEmpty()) {
            context.attributes()
                    .setSeed(seedOf(context.targetMethod().getDeclaringClass().getSimpleName()
                            + '#'
                            + context.targetMethod().getName()));
        }
        int times = Integer.getInteger(TRIES, 1);
        context.attributes()
                .tries()
                .filter(tries -> times > 1)
                .ifPresent(tries -> context.attributes().setTries(times * tries));
        return property.execute();
    }

    private static String seedOf(String name) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(UTF_8));
        return Long.toString(sum.getValue());
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
