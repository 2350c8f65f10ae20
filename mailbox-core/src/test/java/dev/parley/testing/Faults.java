package dev.parley.testing;

import java.util.concurrent.atomic.AtomicInteger;

/** Kernels to which something happens. */
public final class Faults {

    private Faults() {}

    /** The process dies instead of making its call number {@code call}, counted from 0. */
    public static Kernel dieBefore(int call, Kernel kernel) {
        AtomicInteger next = new AtomicInteger();
        return asked -> {
            if (next.getAndIncrement() >= call) {
                throw new SimulatedCrash("before call " + call + ", " + asked);
            }
            return kernel.call(asked);
        };
    }

    /** The process dies when its call number {@code call}, counted from 0, has happened and before it learns so. */
    public static Kernel dieAfter(int call, Kernel kernel) {
        AtomicInteger next = new AtomicInteger();
        return asked -> {
            int number = next.getAndIncrement();
            if (number == call) {
                kernel.call(asked);
            }
            if (number >= call) {
                throw new SimulatedCrash("after call " + call + ", " + asked);
            }
            return kernel.call(asked);
        };
    }

    /** The call number {@code call}, counted from 0, fails and does nothing; closing a handle never fails. */
    public static Kernel failAt(int call, Errno error, Kernel kernel) {
        AtomicInteger next = new AtomicInteger();
        return asked -> next.getAndIncrement() == call && !(asked instanceof SystemCall.Close)
                ? new Reply.Failed(error)
                : kernel.call(asked);
    }

    /** A disk that lies: it says that it has forced what it has not. */
    public static Kernel ignoreForce(Kernel kernel) {
        return asked -> asked instanceof SystemCall.Force ? Reply.DONE : kernel.call(asked);
    }

    /** Counts the calls made. */
    public static Kernel count(AtomicInteger calls, Kernel kernel) {
        return asked -> {
            calls.incrementAndGet();
            return kernel.call(asked);
        };
    }
}
