package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import dev.parley.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a session would be gone on with, and whether it may be.
 *
 * @param peer the session
 * @param own its client's own id of it; its address, where the client has not told one
 * @param manner how
 * @param program the client's program: a path, or its name where there is none here
 * @param arguments what stands behind it; never a message
 * @param directory where it is started
 * @param set the variables that it is given beside the user's
 * @param removed the variables that are taken from it
 * @param notes what is not as it was, for a person
 * @param withheld what it was allowed that nobody but its user gives it again; empty if nothing
 * @param verdict whether it may
 */
public record Plan(
        Peer peer,
        SessionId own,
        Manner manner,
        String program,
        List<String> arguments,
        String directory,
        Map<String, String> set,
        Set<String> removed,
        List<String> notes,
        Optional<String> withheld,
        Verdict verdict) {

    /** Copies the collections. */
    public Plan {
        arguments = List.copyOf(arguments);
        set = Map.copyOf(set);
        removed = Set.copyOf(removed);
        notes = List.copyOf(notes);
    }

    /** The program and its arguments. */
    public List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(arguments);
        return command;
    }

    /** The command as a person would type it, in whatever directory. */
    public String line() {
        StringBuilder line = new StringBuilder("cd -- " + ShellText.quoted(directory) + " &&");
        new java.util.TreeMap<>(set)
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(ShellText.quoted(value)));
        command().forEach(word -> line.append(' ').append(ShellText.quoted(word)));
        return line.toString();
    }

    /**
     * A script for {@code sh} that becomes the client: nothing but that stays of whoever runs it. Its variables are changed by
     * the shell itself, so that none of their values is in any process's arguments.
     */
    public String script() {
        StringBuilder script = new StringBuilder("cd -- " + ShellText.quoted(directory) + " || exit 1\n");
        new java.util.TreeSet<>(removed)
                .forEach(name -> script.append("unset ").append(name).append('\n'));
        new java.util.TreeMap<>(set)
                .forEach((name, value) -> script.append("export ")
                        .append(name)
                        .append('=')
                        .append(ShellText.quoted(value))
                        .append('\n'));
        script.append("exec");
        command().forEach(word -> script.append(' ').append(ShellText.quoted(word)));
        return script.append('\n').toString();
    }
}
