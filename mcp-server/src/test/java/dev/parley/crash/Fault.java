package dev.parley.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Something that goes wrong between machines.
 *
 * @param kind what it is
 * @param host which of the hosts it hits
 * @param session which of its sessions, if it hits one
 * @param after how long after a round began it begins, in milliseconds
 * @param lasting how long it lasts, in milliseconds
 */
record Fault(Kind kind, int host, int session, long after, long lasting) {

    /** Which of them there are, how long they last, and what they hit. */
    enum Kind {
        HUB_WIPED(500, 3_000, Target.HUB),
        PARTED(2_000, 20_000, Target.LINK),
        POSTMAN_KILLED(500, 4_000, Target.PROCESSES),
        HUB_KILLED(500, 6_000, Target.HUB),
        HUB_STOPPED(1_000, 13_000, Target.HUB),
        /** For longer than its lease, which is 10 seconds. */
        POSTMAN_STOPPED(11_000, 14_000, Target.PROCESSES),
        SESSION_KILLED(200, 3_000, Target.PROCESSES),
        SESSION_STOPPED(1_000, 12_000, Target.PROCESSES),
        /** All servers of a host. */
        HOST_KILLED(500, 5_000, Target.PROCESSES),
        /** Every 100 ms. */
        CUT(1_000, 4_000, Target.LINK);

        private final long least;
        private final long most;
        private final Target target;

        Kind(long least, long most, Target target) {
            this.least = least;
            this.most = most;
            this.target = target;
        }
    }

    private enum Target {
        HUB,
        LINK,
        PROCESSES
    }

    private static final int MOST_AT_ONCE = 3;
    private static final long LATEST = 2_000;

    /**
     * All of a run: in each round up to three, of which no two hit the same. The hub is wiped twice, and all else
     * comes about equally often.
     */
    static List<List<Fault>> schedule(long seed, int rounds, int hosts, int sessions) {
        Random random = new Random(seed);
        List<Kind> deck = new ArrayList<>();
        List<List<Fault>> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<Fault> now = new ArrayList<>();
            Set<String> hit = new HashSet<>();
            if (round == rounds / 3 || round == 2 * rounds / 3) {
                add(Kind.HUB_WIPED, now, hit, random, hosts, sessions);
            }
            int most = 1 + random.nextInt(MOST_AT_ONCE);
            while (now.size() < most) {
                if (deck.isEmpty()) {
                    deck.addAll(List.of(Kind.values()));
                    deck.remove(Kind.HUB_WIPED);
                    Collections.shuffle(deck, random);
                }
                if (!add(deck.get(0), now, hit, random, hosts, sessions)) {
                    break;
                }
                deck.remove(0);
            }
            all.add(now);
        }
        return all;
    }

    /** The smallest run: one round with a wipe, a partition and a dead postman, as short as they can be. */
    static List<List<Fault>> few(long seed, int hosts) {
        Random random = new Random(seed);
        int parted = random.nextInt(hosts);
        int orphaned = (parted + 1 + random.nextInt(hosts - 1)) % hosts;
        return List.of(List.of(
                shortest(Kind.PARTED, parted, random),
                shortest(Kind.POSTMAN_KILLED, orphaned, random),
                shortest(Kind.HUB_WIPED, 0, random)));
    }

    private static Fault shortest(Kind kind, int host, Random random) {
        return new Fault(kind, host, 0, random.nextInt(1_000), kind.least);
    }

    /** Whether nothing else of this round hits the same. */
    private static boolean add(Kind kind, List<Fault> now, Set<String> hit, Random random, int hosts, int sessions) {
        int host = random.nextInt(hosts);
        if (!hit.add(kind.target == Target.HUB ? "hub" : kind.target + " of " + host)) {
            return false;
        }
        long lasting = kind.least + random.nextLong(kind.most - kind.least + 1);
        now.add(new Fault(kind, host, random.nextInt(sessions), random.nextLong(LATEST + 1), lasting));
        return true;
    }

    /** As a line of the report. */
    String text(List<String> hosts) {
        String what = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String whose = kind.target == Target.HUB ? "" : " " + hosts.get(host);
        return what + whose + String.format(Locale.ROOT, " %.1f s", lasting / 1e3);
    }
}
