package dev.parley.cockpit.watch;

import dev.parley.cockpit.Announcer;
import dev.parley.cockpit.Notifier;
import dev.parley.cockpit.OperatorPost;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Project;
import dev.parley.session.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A live view of one project, which changes nothing by being looked at. */
public final class Watch {

    private final PostOffice office;
    private final Project project;
    private final Map<String, String> environment;
    private final Optional<OperatorPost> post;
    private final Optional<String> mute;
    private final List<Announcer> announcers;
    private final boolean hasNotices;

    /**
     * Over a project.
     *
     * @param post by which the person at the keyboard sends; empty if they cannot
     * @param mute why they cannot; empty if they can
     * @param announcers the ways beside this view by which they want to be told of what happens
     * @param hasNotices whether they want to be told by this view
     */
    public Watch(
            PostOffice office,
            Project project,
            Map<String, String> environment,
            Optional<OperatorPost> post,
            Optional<String> mute,
            List<Announcer> announcers,
            boolean hasNotices) {
        this.office = office;
        this.project = project;
        this.environment = Map.copyOf(environment);
        this.post = post;
        this.mute = mute;
        this.announcers = List.copyOf(announcers);
        this.hasNotices = hasNotices;
    }

    /**
     * Takes the terminal over until the person at the keyboard quits, and gives it back as it was.
     *
     * @throws IOException if there is no terminal that can be used
     */
    public void show() throws IOException, InterruptedException {
        // The variable by which a person tells all programs that they want no colours.
        boolean hasColour = environment.getOrDefault("NO_COLOR", "").isEmpty();
        try (Tty tty = TerminalTty.open(new Painter(hasColour))) {
            new Watching(this, tty).run();
        }
    }

    /**
     * Prints what changes, a line for each change and the messages as they come, until the reader of the lines is gone or the thread is
     * interrupted.
     *
     * @param hasBell whether it is a terminal that gets them
     */
    public void print(PrintStream out, boolean hasBell) throws InterruptedException {
        new PlainWatch(this, out, hasBell).run();
    }

    PostOffice office() {
        return office;
    }

    /** See {@link Project#key}. */
    String project() {
        return project.key();
    }

    String root() {
        return project.root();
    }

    Map<String, String> environment() {
        return environment;
    }

    Optional<OperatorPost> post() {
        return post;
    }

    Optional<String> mute() {
        return mute;
    }

    ZoneId zone() {
        return ZoneId.systemDefault();
    }

    int retained() {
        return (int) Setting.RECEIVED_MAX.number(environment);
    }

    /** The notices that are wanted; by the view itself in its own way. */
    Notifier notifier(Announcer own) {
        List<Announcer> all = new ArrayList<>(announcers);
        if (hasNotices) {
            all.add(0, own);
        }
        Path name = Path.of(project.root()).getFileName();
        return new Notifier(PlainText.line(name == null ? project.root() : name.toString()), all);
    }
}
