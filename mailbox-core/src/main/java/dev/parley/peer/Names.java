package dev.parley.peer;

import dev.parley.store.SessionId;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** Memorable names: two words that follow from a session's id, so that it has the same name after every restart. */
public final class Names {

    /** What a name looks like, as a regular expression. */
    public static final String PATTERN = "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])";

    private static final Pattern SHAPE = Pattern.compile(PATTERN);

    private static final String[] FIRST =
            ("able agile amber ample apt arctic autumn azure balmy bold brave breezy bright brisk "
                            + "calm candid careful cheery civil clear clever cobalt coral cosmic crisp curious daring deft "
                            + "eager early earnest easy elated epic fair famed fancy fine firm fleet fond frank free fresh gentle "
                            + "glad golden good grand green happy hardy hasty hazel honest humble ideal ivory jade jolly jovial "
                            + "keen kind lively loyal lucid lucky lunar mellow merry mild mint misty modest neat nimble noble novel olive "
                            + "open pearl plucky polar polite prime proud quick quiet rapid ready regal rosy ruby rustic sage sandy "
                            + "scarlet serene sharp shiny silent silver simple sleek smart snowy solar solid spry steady stout sunny "
                            + "sure sweet swift tall teal tidy tranquil true vivid warm wise witty young zesty")
                    .split(" ");
    private static final String[] SECOND =
            ("acorn anchor apple arrow aspen badger bamboo banjo basil beacon bear beaver birch "
                            + "bison brook canyon cedar cello cherry cliff clover comet condor copper coral cove crane creek cricket "
                            + "cypress daisy delta dolphin dove eagle ember falcon fern finch fjord flint forest fox garnet gecko ginger "
                            + "glacier grove gull harbor hare harp hawk hazel heron hill iris island ivy jasper juniper kestrel kite lagoon lake "
                            + "lantern lark laurel lemon lily linden lion lotus lynx maple marble marten meadow mesa moss nectar nutmeg oak "
                            + "ocean olive orchid osprey otter owl panda pearl pebble pepper pine planet plum pond poplar prairie puffin quail quartz "
                            + "rain raven reef ridge river robin rowan saffron sage salmon shore sparrow spruce star stone stork summit swan "
                            + "tiger topaz trout tulip valley violet walnut willow wren zebra")
                    .split(" ");

    private Names() {}

    /** Whether a text may be a session's name: 2 to 40 of {@code a-z 0-9 -}, no hyphen at either end. */
    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The name that follows from an id; with a number behind it if that name is taken. */
    static String of(SessionId id, Set<String> taken) {
        CRC32C crc = new CRC32C();
        crc.update(id.value().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        int hash = (int) crc.getValue();
        String name = FIRST[Math.floorMod(hash, FIRST.length)] + "-"
                + SECOND[Math.floorMod(hash / FIRST.length, SECOND.length)];
        return free(name, taken).orElseThrow();
    }

    /** The name itself, or the first of {@code name-2}, {@code name-3}, … that nobody has. */
    private static Optional<String> free(String name, Set<String> taken) {
        for (int number = 1; number <= taken.size() + 1; number++) {
            String candidate = number == 1 ? name : name + "-" + number;
            if (!taken.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
