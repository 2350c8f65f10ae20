package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final StringWriter told = new StringWriter();

    @Test
    void whatTakesLongIsTold() throws Exception {
        CountDownLatch printed = new CountDownLatch(1);
        PrintWriter err = new PrintWriter(told) {
            @Override
            public void flush() {
                super.flush();
                printed.countDown();
            }
        };
        assertEquals(true, Progress.during(err, "looking", () -> printed.await(30, TimeUnit.SECONDS)));
        assertEquals("parley: looking ..." + System.lineSeparator(), told.toString());
    }

    @Test
    void whatFailsFailsAsItWould() {
        IOException failure = new IOException("no");
        assertEquals(
                failure,
                assertThrows(
                        IOException.class,
                        () -> Progress.during(new PrintWriter(told), "looking", () -> {
                            throw failure;
                        })));
        assertEquals("", told.toString());
    }
}
