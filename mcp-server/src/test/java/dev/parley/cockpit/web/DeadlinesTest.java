package dev.parley.cockpit.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Whoever takes nothing is cut off, and only he. */
final class DeadlinesTest {

    /** The other end reads nothing, so the write comes to no end of its own. */
    @Test
    void aWriteThatNobodyTakesIsEnded() throws Exception {
        try (Deadlines deadlines = new Deadlines();
                ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel writer = server.accept()) {
            assertThrows(
                    ClosedByInterruptException.class,
                    () -> deadlines.within(Duration.ofMillis(50), () -> {
                        while (client.isOpen()) {
                            writer.write(ByteBuffer.allocate(1 << 20));
                        }
                    }));
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void whatIsDoneInTimeIsLeftAlone() throws Exception {
        try (Deadlines deadlines = new Deadlines()) {
            deadlines.within(Duration.ofMillis(20), () -> {});
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            assertFalse(Thread.interrupted());
        }
    }
}
