package dev.parley.peer;

import dev.parley.address.SessionId;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is needed to go on with a session once its client has ended, as it was last seen. Each part is empty as long as nobody
 * has seen it.
 *
 * @param session its client's own id of it
 * @param program the client's program, an absolute path
 * @param directory where it works
 * @param configHome the directory in which the client keeps its configuration
 * @param permissionMode what may be done without asking, in the client's word
 * @param sandbox what commands can reach, in the client's word
 * @param model the model
 * @param transcript where the client writes its transcript
 */
public record Binding(
        Optional<SessionId> session,
        Optional<String> program,
        Optional<String> directory,
        Optional<String> configHome,
        Optional<String> permissionMode,
        Optional<String> sandbox,
        Optional<String> model,
        Optional<String> transcript) {

    /** Of which nothing has been seen. */
    public static final Binding NONE = new Binding(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** What a server can see of its client. */
    public static Binding ofClient(Optional<String> program, Optional<String> configHome) {
        return new Binding(
                Optional.empty(),
                program,
                Optional.empty(),
                configHome,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** How a session's turns are run. */
    public static Binding ofTurns(Optional<String> permissionMode, Optional<String> sandbox, Optional<String> model) {
        return new Binding(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                permissionMode,
                sandbox,
                model,
                Optional.empty());
    }

    /**
     * All that is known of a session's.
     *
     * @param noted what its hooks noted last
     */
    public static Binding of(Peer peer, Binding noted) {
        Binding told = new Binding(
                peer.ownId(),
                Optional.empty(),
                Optional.of(peer.cwd()).filter(directory -> !directory.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Binding kept =
                peer.transcript().isPresent() && peer.bound().transcript().isEmpty()
                        ? peer.bound().withTranscript(peer.transcript())
                        : peer.bound();
        return told.over(noted).over(kept);
    }

    private Binding withTranscript(Optional<String> file) {
        return new Binding(session, program, directory, configHome, permissionMode, sandbox, model, file);
    }

    /** What was seen now, completed by what was seen before. */
    public Binding over(Binding before) {
        return new Binding(
                session.or(before::session),
                program.or(before::program),
                directory.or(before::directory),
                configHome.or(before::configHome),
                permissionMode.or(before::permissionMode),
                sandbox.or(before::sandbox),
                model.or(before::model),
                transcript.or(before::transcript));
    }

    /** Whether nothing has been seen. */
    public boolean isEmpty() {
        return Stream.of(session, program, directory, configHome, permissionMode, sandbox, model, transcript)
                .allMatch(Optional::isEmpty);
    }
}
