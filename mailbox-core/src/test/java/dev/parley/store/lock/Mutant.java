package dev.parley.store.lock;

import dev.parley.store.lock.LockModel.Kind;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Reply;
import dev.parley.testing.SystemCall;
import dev.parley.testing.SystemCall.Close;
import dev.parley.testing.SystemCall.MakeDirectory;
import dev.parley.testing.SystemCall.OpenDirectory;
import dev.parley.testing.SystemCall.OpenNew;
import dev.parley.testing.SystemCall.OpenTruncated;
import dev.parley.testing.SystemCall.ReadNames;
import dev.parley.testing.SystemCall.RemoveDirectory;
import dev.parley.testing.SystemCall.Rename;
import dev.parley.testing.SystemCall.Unlink;
import dev.parley.testing.SystemCall.Write;
import java.nio.file.Path;

/** The lock with one step done the obvious, wrong way. Who checks the lock must find out each of them. */
enum Mutant {
    NONE("nothing", Bound.UPDATES),

    /** The token file is opened with {@code O_CREAT}, so a displaced holder is back. */
    CREATES_ITS_TOKEN("an update was lost", Bound.UPDATES) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            Reply reply = kernel.call(call);
            return call instanceof OpenTruncated open && reply.equals(ABSENT)
                    ? kernel.call(new OpenNew(open.path()))
                    : reply;
        }
    },

    /** Releasing empties the lock, whoever holds it by now. */
    RELEASES_BY_PATH("two hold the lock and nobody was misjudged", Bound.HOLDS_OF_A_STALLED_ONE) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            return call instanceof Unlink unlink && isTokenOf(unlink.path(), self)
                    ? emptied(unlink.path().getParent(), kernel)
                    : kernel.call(call);
        }
    },

    /** A dead holder is displaced by emptying the lock, whoever holds it by now. */
    STEALS_WITHOUT_COMPARING("two hold the lock and nobody was misjudged", Bound.HOLDS) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            return call instanceof Unlink unlink && isToken(unlink.path()) && !isTokenOf(unlink.path(), self)
                    ? emptied(unlink.path().getParent(), kernel)
                    : kernel.call(call);
        }
    },

    /** The lock is made first, and its owner written into it afterwards. */
    MAKES_THE_LOCK_THEN_WRITES_THE_OWNER("everybody is dead and the lock is stuck", Bound.UPDATES) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            if (!(call instanceof Rename rename) || !rename.to().equals(LockModel.LOCK)) {
                return kernel.call(call);
            }
            Reply made = kernel.call(new MakeDirectory(rename.to()));
            return made.equals(Reply.DONE) ? owned(rename, kernel) : new Reply.Failed(Errno.ENOTEMPTY);
        }
    },

    /** The same, and an empty lock is taken for one that a dead process left. */
    MAKES_OR_JOINS_THE_LOCK_THEN_WRITES_THE_OWNER("an update was lost", Bound.UPDATES) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            if (!(call instanceof Rename rename) || !rename.to().equals(LockModel.LOCK)) {
                return kernel.call(call);
            }
            kernel.call(new MakeDirectory(rename.to()));
            return owned(rename, kernel);
        }
    },

    /** The lock is taken although somebody is in it. */
    MOVES_IN_ON_THE_OWNER("two hold the lock and nobody was misjudged", Bound.HOLDS) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            if (!(call instanceof Rename rename) || !rename.to().equals(LockModel.LOCK)) {
                return kernel.call(call);
            }
            emptied(rename.to(), kernel);
            return kernel.call(call);
        }
    },

    /** The data are written in place and the lock is released afterwards: nothing fences a displaced holder. */
    WRITES_IN_PLACE("everybody is dead and has left a half-written file", Bound.UPDATES) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            if (!(call instanceof Rename rename) || !rename.to().equals(LockModel.DATA)) {
                return kernel.call(call);
            }
            Reply token = kernel.call(new SystemCall.OpenRead(rename.from()));
            if (!(token instanceof Reply.Text handle)) {
                return token;
            }
            Reply content = kernel.call(new SystemCall.Read(handle.text()));
            kernel.call(new Close(handle.text()));
            write(text(content), kernel);
            kernel.call(new Unlink(rename.from()));
            return Reply.DONE;
        }

        private void write(String content, Kernel kernel) {
            Reply opened = kernel.call(new OpenTruncated(LockModel.DATA));
            if (opened.equals(ABSENT)) {
                opened = kernel.call(new OpenNew(LockModel.DATA));
            }
            kernel.call(new Write(text(opened), 0, content));
            kernel.call(new Close(text(opened)));
        }
    },

    /** A dead holder is left in peace. */
    NEVER_DISPLACES("everybody is dead and the lock is stuck", Bound.UPDATES) {
        @Override
        Reply call(SystemCall call, int self, Kernel kernel) {
            return call instanceof Unlink unlink && isToken(unlink.path()) && !isTokenOf(unlink.path(), self)
                    ? Reply.DONE
                    : kernel.call(call);
        }
    },

    /** The data are read before the lock is taken. */
    READS_BEFORE_IT_LOCKS("an update was lost", Bound.UPDATES);

    /** Something small in which a mistake can come to light. */
    private enum Bound {
        UPDATES,
        HOLDS,
        HOLDS_OF_A_STALLED_ONE;

        LockModel model() {
            return switch (this) {
                case UPDATES -> LockModel.of(2, Verdicts.STALE, Kind.UPDATE, Kind.UPDATE);
                case HOLDS -> LockModel.of(3, Verdicts.TRUE, Kind.HOLD);
                case HOLDS_OF_A_STALLED_ONE -> LockModel.of(3, Verdicts.STALE_ABOUT_THE_FIRST, Kind.HOLD);
            };
        }
    }

    private static final Reply ABSENT = new Reply.Failed(Errno.ENOENT);

    private final String harm;
    private final Bound bound;

    Mutant(String harm, Bound bound) {
        this.harm = harm;
        this.bound = bound;
    }

    /** What comes of it. */
    String harm() {
        return harm;
    }

    /** Within which bound it comes to light. */
    LockModel bound() {
        return bound.model();
    }

    /** What becomes of a call of process {@code self}. */
    Reply call(SystemCall call, int self, Kernel kernel) {
        return kernel.call(call);
    }

    static boolean isToken(Path path) {
        return LockModel.LOCK.equals(path.getParent());
    }

    static boolean isTokenOf(Path path, int process) {
        return isToken(path) && path.getFileName().toString().startsWith(LockProgram.identity(process) + ".");
    }

    private static Reply emptied(Path directory, Kernel kernel) {
        Reply opened = kernel.call(new OpenDirectory(directory));
        if (!(opened instanceof Reply.Text handle)) {
            return opened;
        }
        Reply names = kernel.call(new ReadNames(handle.text()));
        kernel.call(new Close(handle.text()));
        if (names instanceof Reply.Names present) {
            present.names().forEach(name -> kernel.call(new Unlink(directory.resolve(name))));
        }
        return Reply.DONE;
    }

    private static Reply owned(Rename rename, Kernel kernel) {
        Path token = rename.to().resolve(LockProgram.tokenOfCandidate(rename.from()));
        Reply opened = kernel.call(new OpenNew(token));
        if (opened instanceof Reply.Text handle) {
            kernel.call(new Close(handle.text()));
            kernel.call(new Unlink(rename.from().resolve(token.getFileName())));
            kernel.call(new RemoveDirectory(rename.from()));
            return Reply.DONE;
        }
        return opened;
    }

    private static String text(Reply reply) {
        return ((Reply.Text) reply).text();
    }
}
