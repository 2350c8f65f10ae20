package dev.parley.cockpit.watch;

import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import java.util.List;

/** What a session needs, in words. */
final class Needs {

    private Needs() {}

    static Look look(Need need) {
        return switch (need) {
            case USER, OVERDUE -> Look.ALERT;
            case ANSWER -> Look.WAITING;
            case WORKING -> Look.GOOD;
            case IDLE -> Look.PLAIN;
            case UNTOLD, GONE -> Look.FAINT;
        };
    }

    static String heading(Need need, long count) {
        return switch (need) {
            case USER -> count == 1 ? "needs you" : "need you";
            case OVERDUE -> "overdue";
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
            case OVERDUE -> "overdue";
            case ANSWER -> "waits for " + asked(standing, view);
            case WORKING -> "working";
            case IDLE -> "idle";
            case UNTOLD -> untold(standing.session());
            case GONE -> "ended";
        };
        return what
                + standing.since()
                        .map(since -> " " + Times.since(since, view.now()))
                        .orElse("")
                + (standing.need() == Need.OVERDUE ? ", owes " + requesters(standing, view) : "")
                + view.situation()
                        .history(standing.session().id())
                        .flatMap(history -> history.parkedAt(view.now()))
                        .map(parked -> ", parked")
                        .orElse("");
    }

    /** Of a session on another machine nothing is known only while that is away. */
    private static String untold(SessionOverview session) {
        if (session.hasBegun()) {
            return "running";
        }
        return session.peer().host().isPresent() ? "away" : "not begun";
    }

    private static String requesters(Standing standing, View view) {
        List<String> names = standing.overdue().stream()
                .map(item -> WorkWords.requester(item, view.situation().project()))
                .distinct()
                .toList();
        return names.get(0) + (names.size() > 1 ? " +" + (names.size() - 1) : "");
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
