package dev.parley.testing;

import java.util.random.RandomGenerator;

/** Decides what of the unforced a power cut leaves. A disk may have written any part of it by itself. */
public interface Surviving {

    /** The disk wrote nothing that it was not made to write. */
    Surviving NOTHING = new Surviving() {
        @Override
        public boolean unforcedName() {
            return false;
        }

        @Override
        public String unforcedContent(String forced, String now) {
            return forced;
        }
    };

    /** Each name and each content by chance; content also in part. */
    static Surviving some(RandomGenerator random) {
        return new Surviving() {
            @Override
            public boolean unforcedName() {
                return random.nextBoolean();
            }

            @Override
            public String unforcedContent(String forced, String now) {
                return switch (random.nextInt(3)) {
                    case 0 -> forced;
                    case 1 -> now.substring(0, random.nextInt(now.length() + 1));
                    default -> now;
                };
            }
        };
    }

    /** Whether a name that was made, changed or removed since the directory was forced is as it is now. */
    boolean unforcedName();

    /** The content of a file that was written since it was forced. */
    String unforcedContent(String forced, String now);
}
