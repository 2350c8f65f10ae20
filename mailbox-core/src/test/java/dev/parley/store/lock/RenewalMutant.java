package dev.parley.store.lock;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.store.lock.RenewalModel.Kind;
import dev.parley.store.lock.RenewalModel.Trouble;
import dev.parley.testing.Kernel;
import dev.parley.testing.Reply;
import dev.parley.testing.SystemCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Ownership that is renewed, with one step done the obvious, wrong way. Who checks it must find out each of them. */
enum RenewalMutant {
    NONE("nothing", Bound.TIMES),

    /** Who is late is judged by the time of day. */
    JUDGES_BY_THE_TIME_OF_DAY("two act", Bound.CLOCKS) {
        @Override
        RenewableLock lock(Surroundings around) {
            Lateness byAge = (owner, age) -> age.compareTo(RenewalModel.LEASE) > 0;
            return new FileRenewableLock(around, RenewalModel.NAME, RenewalModel.LEASE, byAge);
        }
    },

    /** Renewing leaves the name as it is. */
    RENEWS_UNDER_THE_SAME_NAME("two act", Bound.TIMES) {
        @Override
        Reply call(SystemCall call, Kernel kernel) {
            if (call instanceof SystemCall.Rename rename && isRenewed(rename.to())) {
                return kernel.call(new SystemCall.Touch(old(rename.from())));
            }
            if (call instanceof SystemCall.Look look && isRenewed(look.path())) {
                return kernel.call(new SystemCall.Look(old(look.path())));
            }
            return call instanceof SystemCall.Unlink unlink && isRenewed(unlink.path())
                    ? kernel.call(new SystemCall.Unlink(old(unlink.path())))
                    : kernel.call(call);
        }

        private boolean isRenewed(Path token) {
            return !old(token).equals(token);
        }

        private Path old(Path token) {
            String name = String.valueOf(token.getFileName());
            return OwnerToken.isRenewed(name)
                    ? token.resolveSibling(OwnerToken.ownership(name) + OwnerToken.NOT_YET_RENEWED)
                    : token;
        }
    },

    /** The holder looks whether it was displaced, and not whether it may be. */
    CHECKS_WITHOUT_A_CLOCK("two act", Bound.TIMES) {
        @Override
        void check(RenewableLease lease, Duration act) throws IOException {
            try {
                lease.ensureHeld(act);
            } catch (LeaseLostException e) {
                if (e.getCause() != null) {
                    throw e;
                }
            }
        }
    },

    /** The holder counts its lease from some time after it acquired the name. */
    COUNTS_FROM_LATER("two act", Bound.TIMES) {
        @Override
        RenewableLock lock(Surroundings around) {
            AtomicBoolean isFirst = new AtomicBoolean(true);
            LongSupplier late = () -> {
                long now = around.elapsed().getAsLong();
                return isFirst.getAndSet(false) ? now + LATER.toNanos() : now;
            };
            return new FileRenewableLock(
                    new Surroundings(around.store(), around.processes(), around.nonces(), around.pause(), late),
                    RenewalModel.NAME,
                    RenewalModel.LEASE);
        }
    },

    /** What is late is displaced a tick too soon. */
    DISPLACES_TOO_SOON("two act", Bound.TIMES) {
        @Override
        RenewableLock lock(Surroundings around) {
            Duration less = RenewalModel.LEASE.minus(RenewalModel.TICK).minusNanos(1);
            return new FileRenewableLock(
                    around, RenewalModel.NAME, RenewalModel.LEASE, new Watched(less, around.elapsed()));
        }
    },

    /** Nobody that lives is ever late. */
    NEVER_DISPLACES_THE_LIVING("stranded", Bound.FAILURES) {
        @Override
        RenewableLock lock(Surroundings around) {
            return new FileRenewableLock(around, RenewalModel.NAME, RenewalModel.LEASE, (owner, age) -> false);
        }
    },

    /** A value is changed without a look at the lease. */
    COMMITS_UNCHECKED("committed after", Bound.COMMITS) {
        @Override
        void commit(RenewableLease lease, GuardedValue value, GuardedValue.Change change)
                throws IOException, InterruptedException {
            value.update(Leases.WAIT, change);
        }
    },

    /** The lease is looked at before the value's lock is taken. */
    CHECKS_BEFORE_IT_LOCKS("committed after", Bound.COMMITS) {
        @Override
        void commit(RenewableLease lease, GuardedValue value, GuardedValue.Change change)
                throws IOException, InterruptedException {
            lease.ensureHeld(Duration.ZERO);
            value.update(Leases.WAIT, change);
        }
    };

    private static final Duration LATER = RenewalModel.TICK.multipliedBy(2);

    /** Something small in which a mistake can come to light. */
    private enum Bound {
        TIMES,
        CLOCKS,
        FAILURES,
        COMMITS;

        RenewalModel model() {
            return switch (this) {
                case TIMES -> RenewalModel.of(4, Set.of(), Kind.HOLD, Kind.SEEK_AND_ACT);
                case CLOCKS -> RenewalModel.of(1, Set.of(Trouble.SET_CLOCK), Kind.HOLD, Kind.SEEK_AND_ACT);
                case FAILURES -> RenewalModel.of(1, Set.of(Trouble.FAILED_CALLS), Kind.HOLD);
                case COMMITS -> RenewalModel.of(0, Set.of(Trouble.STALE_VERDICTS), Kind.COMMIT, Kind.COMMIT);
            };
        }
    }

    private final String harm;
    private final Bound bound;

    RenewalMutant(String harm, Bound bound) {
        this.harm = harm;
        this.bound = bound;
    }

    /** What comes of it. */
    String harm() {
        return harm;
    }

    /** Within which bound it comes to light. */
    RenewalModel bound() {
        return bound.model();
    }

    RenewableLock lock(Surroundings around) {
        return new FileRenewableLock(around, RenewalModel.NAME, RenewalModel.LEASE);
    }

    void check(RenewableLease lease, Duration act) throws IOException {
        lease.ensureHeld(act);
    }

    void commit(RenewableLease lease, GuardedValue value, GuardedValue.Change change)
            throws IOException, InterruptedException {
        lease.commit(value, Leases.WAIT, change);
    }

    Reply call(SystemCall call, Kernel kernel) {
        return kernel.call(call);
    }
}
