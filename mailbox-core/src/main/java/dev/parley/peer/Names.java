package dev.parley.peer;

import dev.parley.address.SessionId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** From so many characters on the beginning of an id is an address. */
    public static final int ADDRESSABLE = 8;

    /** Who is no session: nobody can be called so, nor nearly so. */
    private static final List<String> RESERVED = List.of("operator", "office", "user", "system", "all");

    /** The beginning of a UUID, as the clients' ids are: eight digits are enough to address one. */
    private static final Pattern BEGINNING_OF_AN_ID = Pattern.compile("[0-9a-fA-F]{8}[0-9a-fA-F-]*");

    private static final Pattern WHOLE_ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** What ids begin with that Parley makes up: of sessions, messages and requests. */
    private static final Pattern MADE_UP = Pattern.compile("[pmq]-.*", Pattern.CASE_INSENSITIVE);

    private Names() {}

    /** Why no session can be called so, whoever else is there; empty if one can. */
    public static Optional<String> refusal(String name) {
        if (BEGINNING_OF_AN_ID.matcher(name).matches()) {
            return Optional.of("it looks like the beginning of a session's id");
        }
        return reserved(name);
    }

    /**
     * Why no session can pin this id by hand, whoever else is there; empty if one can. An id comes before a name, so what
     * nobody can be called nobody can be addressed by either. A whole UUID is an id as good as any.
     */
    public static Optional<String> refusalOfId(SessionId id) {
        String text = id.value();
        if (BEGINNING_OF_AN_ID.matcher(text).matches()
                && !WHOLE_ID.matcher(text).matches()) {
            return Optional.of("it looks like the beginning of another session's id");
        }
        return reserved(text);
    }

    private static Optional<String> reserved(String text) {
        if (MADE_UP.matcher(text).matches()) {
            return Optional.of("it begins as the ids do that Parley makes up");
        }
        return RESERVED.stream()
                .filter(word -> areAlike(word, text))
                .findFirst()
                .map(word -> "'" + word + "' is no session");
    }

    /** Whether a person or a model may take one for the other: but for case, hyphens and look-alikes they are the same. */
    public static boolean areAlike(String one, String other) {
        return looks(one).equals(looks(other));
    }

    /** How a name looks at a glance: alike names give the same. */
    public static String looks(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '-', '_', '.' -> {}
                case '0' -> out.append('o');
                case '1', 'i', 'I' -> out.append('l');
                case '5' -> out.append('s');
                default -> out.append(Character.toLowerCase(c));
            }
        }
        return out.toString().replace("rn", "m").replace("vv", "w");
    }

    /** Whether a name can be the beginning of this id. One that looks as those of the clients do needs no look at the names. */
    public static boolean canBeBegunByAName(SessionId id) {
        return !BEGINNING_OF_AN_ID.matcher(id.value()).matches();
    }

    /**
     * Whether a name is the beginning of an id that somebody chose, so that who means the one may reach the other. Ids of the
     * clients and of Parley need no look: no name can begin as they do.
     */
    public static boolean isBeginningOf(String name, SessionId id) {
        return !name.isEmpty()
                && canBeBegunByAName(id)
                && id.value().toLowerCase(Locale.ROOT).startsWith(name);
    }

    /** Whether a text may be a session's name: 2 to 40 of {@code a-z 0-9 -}, no hyphen at either end. */
    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The name that follows from an id; with a number behind it if that name is taken. */
    public static String of(SessionId id, Set<String> taken) {
        Set<String> looks = taken.stream().map(Names::looks).collect(Collectors.toSet());
        return of(id, name -> looks.contains(looks(name)));
    }

    /** The same, for names that are taken for other reasons as well. */
    public static String of(SessionId id, Predicate<String> isTaken) {
        CRC32C crc = new CRC32C();
        crc.update(id.value().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        int hash = (int) crc.getValue();
        String name = FIRST[Math.floorMod(hash, FIRST.length)] + "-"
                + SECOND[Math.floorMod(hash / FIRST.length, SECOND.length)];
        // The name itself, or the first of name-2, name-3, … that nobody has.
        for (int number = 1; ; number++) {
            String candidate = number == 1 ? name : name + "-" + number;
            if (!isTaken.test(candidate)) {
                return candidate;
            }
        }
    }
}
