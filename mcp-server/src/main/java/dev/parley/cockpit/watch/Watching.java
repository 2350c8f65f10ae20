package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.cockpit.Edges;
import dev.parley.cockpit.Notice;
import dev.parley.cockpit.Notifier;
import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.TerminalNotice;
import dev.parley.mailbox.Envelope;
import dev.parley.overview.Feed;
import dev.parley.overview.Overview;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.PaneDoor;
import dev.parley.peer.PaneSessions;
import dev.parley.peer.Peer;
import dev.parley.trace.Why;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import dev.parley.wake.WakeReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The view at work: one thread draws and takes what the others bring. One waits for keys, one for changes in the store, and one reads
 * conversations and sends, so that a slow disk or a slow receiver leaves the keys alive.
 */
final class Watching {

    /** Changes come in floods; nobody reads faster than this. */
    private static final Duration PACE = Duration.ofMillis(250);

    /** So often what has grown older is drawn anew. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final Duration FEED_LIMIT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Watch watch;
    private final Tty tty;
    private final Board board;
    private final Looker looker;
    private final Edges edges = new Edges();
    private final Notifier notifier;
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(Watching::daemon);

    private @Nullable Situation situation;
    private boolean isEnded;
    private boolean isRead = true;
    private boolean isReading;
    private Optional<SessionId> shown = Optional.empty();
    private String shownSearch = "";

    Watching(Watch watch, Tty tty) {
        this.watch = watch;
        this.tty = tty;
        this.board = new Board(watch.root(), watch.zone(), watch.retained(), watch.mute());
        this.notifier = watch.notifier(this::announce);
        this.looker = new Looker(watch.office(), watch.project());
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "parley-watch");
        thread.setDaemon(true);
        return thread;
    }

    /** Shows the project until the person at the keyboard has enough. */
    void run() throws InterruptedException {
        Thread keys = daemon(this::readKeys);
        Thread changes = daemon(this::followChanges);
        tty.onChange(() -> events.add(tty::forget));
        try {
            tty.show(Screen.waiting(watch.root(), tty.width(), tty.height()));
            keys.start();
            changes.start();
            while (!isEnded) {
                Runnable event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                while (event != null) {
                    event.run();
                    event = events.poll();
                }
                if (!isEnded) {
                    Instant now = now();
                    readIfWanted(now);
                    tellEdges(now);
                    draw(now);
                }
            }
        } finally {
            changes.interrupt();
            worker.shutdownNow();
        }
    }

    private Instant now() {
        return watch.office().clock().instant();
    }

    private void draw(Instant now) {
        int width = tty.width();
        int height = tty.height();
        tty.show(board.view(now)
                .map(view -> Screen.draw(view, width, height))
                .orElseGet(() -> Screen.waiting(watch.root(), width, height)));
    }

    private void readKeys() {
        try {
            Key key;
            do {
                key = tty.next();
                Key pressed = key;
                events.add(() -> done(board.press(pressed, now())));
            } while (key.kind() != Key.Kind.END_OF_INPUT && key.kind() != Key.Kind.INTERRUPT);
        } catch (IOException e) {
            // The terminal is gone.
            events.add(() -> isEnded = true);
        }
    }

    private void followChanges() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try (Feed feed = new Overview(watch.office()).feed(watch.project())) {
                    // What changed before this feed was begun, it does not tell.
                    Situation seen = looker.lookAnew();
                    while (true) {
                        Situation news = seen;
                        events.add(() -> sees(news));
                        Thread.sleep(PACE.toMillis());
                        Set<SessionId> changed = Set.of();
                        while (changed.isEmpty()) {
                            changed = feed.next(FEED_LIMIT);
                            changed = changed.isEmpty() ? looker.abandoned() : changed;
                        }
                        seen = looker.look(changed);
                    }
                } catch (IOException e) {
                    events.add(() -> board.cannotSee(
                            "the sessions cannot be looked at: " + Why.of(e) + "; 'parley check' says more"));
                    Thread.sleep(RETRY.toMillis());
                }
            }
        } catch (InterruptedException e) {
            // The view is closed.
            Thread.currentThread().interrupt();
        }
    }

    private void sees(Situation seen) {
        situation = seen;
        board.sees(seen);
        isRead = false;
    }

    /** Has the conversation read that is to be shown, if it is another, or may have changed. One reading at a time. */
    private void readIfWanted(Instant now) {
        Optional<SessionId> wanted = board.selected(now);
        String search = board.search();
        boolean isOther = !wanted.equals(shown) || !search.equals(shownSearch);
        if (wanted.isEmpty() || isReading || (isRead && !isOther)) {
            return;
        }
        isReading = true;
        isRead = true;
        shown = wanted;
        shownSearch = search;
        Optional<Peer> peer = peer(wanted.get());
        worker.execute(() -> read(wanted.get(), search, isOther ? peer : Optional.empty()));
    }

    private void read(SessionId session, String search, Optional<Peer> lookedAtAnew) {
        Runnable then = () -> {};
        try {
            Talk talk = looker.read(session, search);
            then = () -> board.sees(talk, now());
        } catch (IOException e) {
            then = () -> board.tell("the messages cannot be read: " + Why.of(e));
        } catch (IllegalArgumentException e) {
            then = () -> board.refuseSearch(Why.of(e));
        }
        Runnable result = then;
        events.add(() -> {
            isReading = false;
            result.run();
        });
        lookedAtAnew.ifPresent(this::lookForPane);
    }

    private void lookForPane(Peer peer) {
        try {
            boolean isInPane = door(peer).isPresent();
            events.add(() -> board.seesPanes(isInPane ? Set.of(peer.id()) : Set.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<PaneDoor> door(Peer peer) throws InterruptedException {
        return peer.process().isPresent()
                ? PaneSessions.installed().door(peer.process().get())
                : Optional.empty();
    }

    private Optional<Peer> peer(SessionId id) {
        Situation seen = situation;
        return seen == null ? Optional.empty() : seen.project().session(id).map(SessionOverview::peer);
    }

    private void tellEdges(Instant now) {
        Situation seen = situation;
        if (seen == null) {
            return;
        }
        ProjectOverview project = seen.project().at(now);
        for (Notice notice : edges.next(project, seen.work())) {
            notifier.tell(notice, now).forEach(board::tell);
        }
    }

    private void announce(Notice notice, String title, String text) {
        tty.send(TerminalNotice.sequence(title, text, watch.environment()));
    }

    private void done(Act act) {
        if (act instanceof Act.Quit) {
            isEnded = true;
        } else if (act instanceof Act.DrawAll) {
            tty.forget();
        } else if (act instanceof Act.Copy copy) {
            tty.send(TerminalNotice.clipboard(copy.text(), watch.environment()));
            board.tell("for the terminal's clipboard: " + copy.text());
        } else if (act instanceof Act.Say say) {
            say(say);
        } else if (act instanceof Act.Open open) {
            peer(open.session()).ifPresent(this::open);
        }
    }

    private void say(Act.Say say) {
        Optional<Peer> receiver = peer(say.to());
        Optional<OperatorPost> post = watch.post();
        if (receiver.isEmpty() || post.isEmpty()) {
            board.tell(watch.mute().orElse("not sent: the session is not here any more"));
            return;
        }
        worker.execute(() -> {
            String outcome = send(post.get(), receiver.get(), say);
            events.add(() -> board.tell(outcome));
        });
    }

    private static String send(OperatorPost post, Peer receiver, Act.Say say) {
        Envelope letter;
        try {
            // Also says whether it can get mail at all.
            Peer present = post.resolve(receiver.id().value());
            letter = post.store(present, say.text(), say.about(), Effort.NATIVE);
        } catch (IOException e) {
            return "not sent: " + Why.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "not sent: the view was closed";
        }
        String sent = "stored " + letter.id() + " for " + receiver.name();
        try {
            OperatorPost.Woken woken = post.wake(letter, receiver, Effort.NATIVE, Speaker.COMMAND);
            return sent + ", outlook: " + woken.outlook().word()
                    + woken.report()
                            .flatMap(WakeReport::reason)
                            .map(why -> "; not woken: " + why)
                            .orElse("")
                    + woken.outlook().hint().map(hint -> ". " + hint).orElse("");
        } catch (IOException e) {
            return sent + "; not woken: " + Why.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return sent;
        }
    }

    private void open(Peer peer) {
        try {
            Optional<PaneDoor> door = door(peer);
            if (door.isEmpty()) {
                board.tell(peer.name() + " runs in no tmux pane that can be found from here");
                return;
            }
            String inside = watch.environment().getOrDefault("TMUX", "");
            if (inside.isEmpty()) {
                int status = tty.lend(door.get().attach());
                tellStatus(status);
            } else if (inside.split(",", 2)[0].equals(door.get().server())) {
                tellStatus(run(door.get().change()));
            } else {
                board.tell("it runs in another tmux server; in a terminal outside of tmux: "
                        + String.join(" ", door.get().attach()));
            }
        } catch (IOException e) {
            board.tell("its pane cannot be opened: " + Why.of(e));
        } catch (InterruptedException e) {
            isEnded = true;
        }
    }

    private void tellStatus(int status) {
        if (status != 0) {
            board.tell("its pane cannot be opened: tmux ended with status " + status);
        }
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("tmux does not answer");
        }
        return process.exitValue();
    }
}
