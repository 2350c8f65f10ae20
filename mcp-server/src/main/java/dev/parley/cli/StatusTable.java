package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.cockpit.Ages;
import dev.parley.cockpit.Cells;
import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Wait;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The sessions of a project as a table, grouped by what they need.
 *
 * @param width how many cells a line has; empty for lines of any length
 * @param mostOfAGroup so many of a group have a line each; all of those that need somebody have one
 */
record StatusTable(ProjectOverview project, OptionalInt width, int mostOfAGroup) {

    private static final int MAX_PURPOSE = 48;

    /**
     * Its lines, the heads of the columns first.
     *
     * @param shown the mail of those sessions that are shown; the others have ended, and are counted
     */
    List<String> lines(List<Standing> standings, Map<SessionId, UnreadMail> shown) {
        Map<Need, List<Standing>> groups = new EnumMap<>(Need.class);
        for (Standing standing : standings) {
            if (shown.containsKey(standing.session().id())) {
                groups.computeIfAbsent(standing.need(), need -> new ArrayList<>())
                        .add(standing);
            }
        }
        List<RemotePeer> elsewhere =
                project.elsewhere().stream().filter(each -> !each.isGone()).toList();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "CLIENT", "DOES", "UNREAD", "PURPOSE"));
        groups.forEach((need, group) -> opened(need, group)
                .forEach(standing -> rows.add(row(
                        standing,
                        Objects.requireNonNull(shown.get(standing.session().id()), "it is shown")))));
        List<RemotePeer> openedElsewhere = elsewhere.subList(0, Math.min(elsewhere.size(), mostOfAGroup));
        openedElsewhere.forEach(each -> rows.add(row(each)));
        List<String> fitting = new Table(rows).fitting(width);
        List<String> lines = new ArrayList<>();
        lines.add(fitting.get(0));
        int next = 1;
        for (Map.Entry<Need, List<Standing>> group : groups.entrySet()) {
            List<Standing> opened = opened(group.getKey(), group.getValue());
            lines.add(
                    cut("── " + title(group.getKey()) + " (" + group.getValue().size() + ")"));
            lines.addAll(fitting.subList(next, next + opened.size()));
            next += opened.size();
            folded(
                    group.getValue().subList(opened.size(), group.getValue().size()).stream()
                            .map(standing -> standing.session().peer().name())
                            .toList(),
                    lines);
        }
        if (!elsewhere.isEmpty()) {
            lines.add(cut("── on other machines (" + elsewhere.size() + ")"));
            lines.addAll(fitting.subList(next, next + openedElsewhere.size()));
            folded(
                    elsewhere.subList(openedElsewhere.size(), elsewhere.size()).stream()
                            .map(each -> each.peer().called())
                            .toList(),
                    lines);
        }
        int hidden = standings.size() - shown.size();
        if (hidden > 0) {
            lines.add(cut("── ended, no mail (" + hidden + "): --all shows them"));
        }
        return lines;
    }

    private List<Standing> opened(Need need, List<Standing> group) {
        boolean isUrgent = need == Need.USER || need == Need.OVERDUE || need == Need.ANSWER;
        return isUrgent ? group : group.subList(0, Math.min(group.size(), mostOfAGroup));
    }

    private void folded(List<String> rest, List<String> lines) {
        if (!rest.isEmpty()) {
            lines.add(cut("   and " + rest.size() + " more (--all shows them): " + String.join(", ", rest)));
        }
    }

    private String cut(String line) {
        return width.isEmpty() ? line : Cells.beginOf(line, width.getAsInt());
    }

    private static String title(Need need) {
        return switch (need) {
            case USER -> "needs you";
            case OVERDUE -> "overdue";
            case ANSWER -> "waits for an answer";
            case WORKING -> "works";
            case IDLE -> "idle";
            case UNTOLD -> "does not tell what it does";
            case GONE -> "ended";
        };
    }

    private List<String> row(Standing standing, UnreadMail unread) {
        return List.of(
                standing.session().peer().name(),
                PlainText.line(standing.session().peer().client()),
                does(standing),
                unread.count().map(count -> Integer.toString(count)).orElse("?"),
                purpose(standing.session().peer()));
    }

    /** How much mail waits there its machine does not tell. */
    private List<String> row(RemotePeer each) {
        return List.of(
                each.peer().called(),
                PlainText.line(each.peer().client()),
                each.isAway() ? "away" : activity(each.presence()),
                "-",
                purpose(each.peer()));
    }

    private static String purpose(Peer peer) {
        return peer.purpose()
                .map(text -> PlainText.quoted(PlainText.line(text), MAX_PURPOSE))
                .orElse("-");
    }

    private String does(Standing standing) {
        return switch (standing.need()) {
            case OVERDUE -> owes(standing.overdue());
            case ANSWER -> waits(standing.waits());
            case USER, WORKING, IDLE, UNTOLD, GONE ->
                standing.session().hasBegun() ? activity(standing.session().presence()) : "not begun";
        };
    }

    private String owes(List<OwedWork> overdue) {
        OwedWork first = overdue.get(0);
        return WorkWords.overdue(first, project.at()).orElse("overdue") + ", owes "
                + WorkWords.requester(first, project)
                + (overdue.size() > 1 ? " and " + (overdue.size() - 1) + " more" : "");
    }

    private String waits(List<Wait> waits) {
        Wait oldest = waits.get(0);
        String asked = project.name(oldest.asked());
        return "waits for " + asked + (waits.size() > 1 ? " and " + (waits.size() - 1) + " more" : "") + ": "
                + since(oldest.since());
    }

    private String activity(Presence presence) {
        if (presence.life() == Life.GONE) {
            return "ended";
        }
        if (presence.activity() == Activity.UNKNOWN) {
            return presence.life() == Life.LIVE ? "running" : "unknown";
        }
        String does = presence.activity() == Activity.ASKING
                ? "waits for its user"
                : presence.activity().inResult();
        return does + presence.since().map(at -> " for " + since(at)).orElse("");
    }

    private String since(Instant time) {
        return Ages.of(Duration.between(time, project.at()));
    }
}
