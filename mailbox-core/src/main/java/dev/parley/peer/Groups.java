package dev.parley.peer;

import dev.parley.peer.Presence.Life;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The groups of a project: names under which several sessions are told something at once. A session says which it belongs to,
 * and its card keeps it. A group is there as long as a card names it; {@value #EVERYBODY} is always there.
 */
public final class Groups {

    /** What a target begins with that means a group: no id and no name can. */
    public static final String MARK = "@";

    /** The group of all sessions of a project, to which nobody need belong. */
    public static final String EVERYBODY = "all";

    /** To how many groups one session belongs at the most. */
    public static final int MOST_OF_ONE = 5;

    /** To how many sessions one message to a group goes at the most. */
    public static final int MOST_RECEIVERS = 50;

    private static final int MOST_NAMED = 30;

    private Groups() {}

    /** Whom a target means that begins with {@link #MARK}. */
    public sealed interface Audience {

        /**
         * Everybody in the group who has not ended, also on other machines, except the caller.
         *
         * @param peers those of this machine by name, then those of others; never empty
         */
        record Members(String group, List<Peer> peers) implements Audience {}

        /** The group is known, but nobody in it runs except, maybe, the caller. */
        record Nobody(String group) implements Audience {}

        /**
         * More than {@link #MOST_RECEIVERS}.
         *
         * @param count how many
         */
        record TooMany(String group, int count) implements Audience {}

        /**
         * No card names this group.
         *
         * @param groups that of everybody, and those that somebody who runs belongs to; at the most 30
         * @param nearest the groups most like it
         */
        record Unknown(String group, List<String> groups, List<String> nearest) implements Audience {

            /** What to do about it, in targets. */
            public String hint() {
                return nearest.isEmpty()
                        ? "there are: " + marked(groups, ", ")
                        : "did you mean " + marked(nearest, " or ") + "?";
            }

            private static String marked(List<String> names, String between) {
                return String.join(between, names.stream().map(Groups::target).toList());
            }
        }
    }

    /** Whether a target means a group. */
    public static boolean isMeantBy(String target) {
        return target.startsWith(MARK);
    }

    /** The target that means a group. */
    public static String target(String group) {
        return MARK + group;
    }

    /** Why no group can be called so; empty if one can. */
    public static Optional<String> refusal(String group) {
        if (Names.areAlike(group, EVERYBODY)) {
            return Optional.of("every session is in " + target(EVERYBODY) + " by itself");
        }
        return Names.isValid(group)
                ? Names.refusal(group)
                : Optional.of("a group's name has 2 to 40 of a-z, 0-9 and -, and none of - at its ends; " + MARK
                        + " stands before it only in a target");
    }

    /**
     * Whom a target means that begins with {@link #MARK}; case does not matter.
     *
     * @param caller who asks: of his project are all of them, and he himself is left out
     */
    public static Audience find(String target, Peer caller, PeerDirectory peers) throws IOException {
        String group = target.substring(MARK.length()).toLowerCase(Locale.ROOT);
        boolean isEverybody = group.equals(EVERYBODY);
        List<Peer> members = new ArrayList<>();
        for (Peer peer : peers.peersOf(caller.project(), (name, id) -> false)) {
            boolean isMember = isEverybody || peer.groups().contains(group);
            if (isMember && !peer.id().equals(caller.id()) && isHere(peer, peers)) {
                members.add(peer);
            }
        }
        List<RemotePeer> elsewhere = peers.elsewhere(caller.project());
        elsewhere.stream()
                .filter(each -> !each.isGone())
                .map(RemotePeer::peer)
                .filter(peer -> isEverybody || peer.groups().contains(group))
                .forEach(members::add);
        if (members.size() > MOST_RECEIVERS) {
            return new Audience.TooMany(group, members.size());
        }
        if (!members.isEmpty()) {
            return new Audience.Members(group, List.copyOf(members));
        }
        List<Peer> all = isEverybody ? List.of() : peers.peersOf(caller.project());
        boolean isKnown = isEverybody
                || Stream.concat(all.stream(), elsewhere.stream().map(RemotePeer::peer))
                        .anyMatch(peer -> peer.groups().contains(group));
        return isKnown ? new Audience.Nobody(group) : unknown(group, all, elsewhere, peers);
    }

    private static Audience unknown(String group, List<Peer> all, List<RemotePeer> elsewhere, PeerDirectory peers)
            throws IOException {
        Set<String> here = new TreeSet<>();
        List<String> ever = new ArrayList<>(List.of(EVERYBODY));
        for (RemotePeer each : elsewhere) {
            ever.addAll(each.peer().groups());
            here.addAll(each.isGone() ? List.of() : each.peer().groups());
        }
        for (Peer peer : all) {
            if (!peer.groups().isEmpty()) {
                ever.addAll(peer.groups());
                here.addAll(isHere(peer, peers) ? peer.groups() : List.of());
            }
        }
        List<String> named = Stream.concat(Stream.of(EVERYBODY), here.stream())
                .limit(MOST_NAMED)
                .toList();
        return new Audience.Unknown(group, named, Likeness.nearest(group, ever));
    }

    private static boolean isHere(Peer peer, PeerDirectory peers) throws IOException {
        return peers.presence(peer).life() != Life.GONE;
    }
}
