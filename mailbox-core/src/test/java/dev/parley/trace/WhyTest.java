package dev.parley.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Whoever reads why something failed reads something. */
final class WhyTest {

    @Test
    void whatSaysNothingIsToldByItsKind() {
        assertEquals("the disk is full", Why.of(new IOException("the disk is full")));
        assertEquals("java.util.concurrent.TimeoutException", Why.of(new TimeoutException()));
        assertEquals("java.io.IOException", Why.of(new IOException(" ")));
    }
}
