package dev.parley.testing;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints at the end of a module's tests which of them this machine could not run, and why: a skipped test proves nothing, so
 * nobody may take it for a passed one. Also gives Awaitility a limit that only a hang exceeds.
 */
public final class RunListener implements TestExecutionListener {

    private final Collection<String> skipped = new ConcurrentLinkedQueue<>();

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        Awaitility.setDefaultTimeout(Timing.patience(Duration.ofSeconds(10)));
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            note(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    private void note(TestIdentifier test, String reason) {
        String name = test.getSource()
                .map(source -> source instanceof MethodSource method
                        ? method.getJavaClass().getSimpleName() + '.' + method.getMethodName()
                        : test.getDisplayName())
                .orElse(test.getDisplayName());
        skipped.add("NOT RUN " + name + ": " + reason);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        skipped.forEach(System.out::println);
        skipped.clear();
    }
}
