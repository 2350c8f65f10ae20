package dev.parley.cockpit.watch;

import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.Standing;

/** What a session needs, in words. */
final class Needs {

    private Needs() {}

    static Look look(Need need) {
        return switch (need) {
            case USER -> Look.ALERT;
            case ANSWER -> Look.WAITING;
            case WORKING -> Look.GOOD;
            case IDLE -> Look.PLAIN;
            case UNTOLD, GONE -> Look.FAINT;
        };
    }

    static String heading(Need need, long count) {
        return switch (need) {
            case USER -> count == 1 ? "needs you" : "need you";
            case ANSWER -> count == 1 ? "waits" : "wait";
            case WORKING -> "working";
            case IDLE -> "idle";
            case UNTOLD -> "running";
            case GONE -> "ended";
        };
    }

    /** What it needs, and since when. */
    static String words(Standing standing, View view) {
        String what = switch (standing.need()) {
            case USER -> "needs you";
            case ANSWER -> "waits for " + asked(standing, view);
            case WORKING -> "working";
            case IDLE -> "idle";
            case UNTOLD -> "running";
            case GONE -> "ended";
        };
        return what
                + standing.since()
                        .map(since -> " " + Times.since(since, view.now()))
                        .orElse("");
    }

    private static String asked(Standing standing, View view) {
        long others =
                standing.waits().stream().map(wait -> wait.asked()).distinct().count() - 1;
        return standing.waits().stream()
                        .findFirst()
                        .map(wait -> PlainText.line(view.situation().name(wait.asked())))
                        .orElse("an answer")
                + (others > 0 ? " +" + others : "");
    }
}
