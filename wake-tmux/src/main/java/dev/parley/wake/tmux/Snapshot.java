package dev.parley.wake.tmux;

/**
 * A pane at one moment: its state and its screen, answered by the server in one go.
 *
 * @param state what the server says of it
 * @param screen what it shows
 */
record Snapshot(PaneState state, Screen screen) {}
