package dev.parley.peer;

import java.util.List;

/**
 * How a person's terminal comes to a pane of a terminal multiplexer. Each command is a list of arguments, the program first.
 *
 * @param server where that multiplexer is reached, as it tells the processes in its panes
 * @param attach the command for a terminal that is in no multiplexer: it takes the terminal over until the person leaves
 * @param change the command for a terminal that is in a pane of the same multiplexer: it ends at once
 */
public record PaneDoor(String server, List<String> attach, List<String> change) {

    /** Copies the lists. */
    public PaneDoor {
        attach = List.copyOf(attach);
        change = List.copyOf(change);
    }
}
