package dev.parley.setup;

import dev.parley.peer.Project;
import dev.parley.session.ResumeSwitch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a request may have a session resumed that is gone: what {@code parley setup --resume} is told. */
public enum ResumeChoice {
    /** In all projects. */
    MACHINE,
    /** In one more project. */
    PROJECT,
    /** Nowhere any more, in this project and on the machine as a whole; other projects keep what they have. */
    OFF;

    private static final String MARK = "# parley setup --resume: where a request may have a session resumed";

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The change of the file that says so. */
    Edit edit(Path home, Path directory) {
        return new Edit(
                home.resolve(ResumeSwitch.FILE),
                current -> Draft.of(
                        current,
                        current.text(),
                        with(current.text(), Project.of(directory).key())),
                (current, original) -> Draft.of(
                        current,
                        current.text(),
                        original.orElse(Content.empty()).text()));
    }

    private String with(String present, String project) throws NotEditableException {
        if (!project.equals(project.strip()) || project.contains("\n")) {
            throw new NotEditableException("cannot name the project " + project.strip()
                    + ", whose path has a line break in it," + " or begins or ends with a space");
        }
        List<String> lines = new ArrayList<>(present.lines().toList());
        List<String> own =
                this == OFF ? List.of() : List.of(this == MACHINE ? ResumeSwitch.MACHINE : ResumeSwitch.line(project));
        if (this == OFF) {
            lines.removeAll(List.of(ResumeSwitch.MACHINE, ResumeSwitch.line(project)));
        }
        List<String> missing =
                own.stream().filter(line -> !lines.contains(line)).toList();
        Optional<String> mark = !missing.isEmpty() && lines.isEmpty() ? Optional.of(MARK) : Optional.empty();
        List<String> next = Stream.of(mark.stream(), lines.stream(), missing.stream())
                .flatMap(each -> each)
                .toList();
        return next.equals(present.lines().toList()) ? present : String.join("\n", next) + (next.isEmpty() ? "" : "\n");
    }
}
