package dev.parley.hub.nats;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Address;
import dev.parley.hub.TeamName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What things are called on the hub; the table is in {@code docs/HUB.md}.
 *
 * @param team whose they are
 */
record Names(TeamName team) {

    private static final Pattern PROJECT = Pattern.compile("[0-9a-f]{20}");

    /** No project has it: it is no digest. */
    static final String NO_PROJECT = "0".repeat(20);

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_=-]+(\\.[A-Za-z0-9_=-]+)*");
    private static final int MAX_KEY = 300;

    private static final String CLOCK = ".clock";
    private static final int TOKENS = 6;

    String stream() {
        return "PARLEY_" + team;
    }

    /** All mail of the team. */
    String allMail() {
        return "parley." + team + ".*.*.*.*";
    }

    /** The mail for a host. */
    String inboxOf(HostName host) {
        return "parley." + team + ".*." + host + ".*.*";
    }

    /** What a host may send. */
    String outboxOf(HostName host) {
        return "parley." + team + ".*.*." + host + ".*";
    }

    /**
     * The subject of a message.
     *
     * @throws IllegalArgumentException if project or id are not as they have to be
     */
    String subject(Address address) {
        if (!PROJECT.matcher(address.project()).matches()
                || !ID.matcher(address.id()).matches()) {
            throw new IllegalArgumentException("no subject can be made of the project '" + address.project()
                    + "' and the id '" + address.id() + "'");
        }
        return String.join(
                ".",
                "parley",
                team.value(),
                address.project(),
                address.to().value(),
                address.from().value(),
                address.id());
    }

    /** The reverse; empty if a token is odd. The hub stores what looks like a wildcard literally. */
    Optional<Address> address(String subject) {
        List<String> tokens = List.of(subject.split("\\.", -1));
        boolean isMail = tokens.size() == TOKENS
                && tokens.get(0).equals("parley")
                && tokens.get(1).equals(team.value())
                && PROJECT.matcher(tokens.get(2)).matches()
                && HostName.isValid(tokens.get(3))
                && HostName.isValid(tokens.get(4))
                && ID.matcher(tokens.get(5)).matches();
        return isMail
                ? Optional.of(new Address(
                        tokens.get(2), new HostName(tokens.get(3)), new HostName(tokens.get(4)), tokens.get(5)))
                : Optional.empty();
    }

    /**
     * What stands for a subject with an odd token: whom it is from, as the hub has proven, and an id that nothing has. Empty if even
     * that cannot be told.
     */
    Optional<Address> oddAddress(String subject) {
        List<String> tokens = List.of(subject.split("\\.", -1));
        return tokens.size() == TOKENS && HostName.isValid(tokens.get(3)) && HostName.isValid(tokens.get(4))
                ? Optional.of(new Address(
                        NO_PROJECT, new HostName(tokens.get(3)), new HostName(tokens.get(4)), "odd-subject"))
                : Optional.empty();
    }

    String bucketStream() {
        return "KV_" + stream();
    }

    /** What all subjects of the bucket begin with. */
    String bucketPrefix() {
        return "$KV." + stream() + ".";
    }

    /**
     * The subject of a key.
     *
     * @throws IllegalArgumentException if it is none
     */
    String keySubject(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("'" + key + "' is no key of the bucket");
        }
        return bucketPrefix() + key;
    }

    /** The key of a subject; empty if it is odd. */
    Optional<String> key(String subject) {
        return Optional.of(subject)
                .filter(text -> text.startsWith(bucketPrefix()))
                .map(text -> text.substring(bucketPrefix().length()))
                .filter(Names::isKey);
    }

    private static boolean isKey(String text) {
        return text.length() <= MAX_KEY && KEY.matcher(text).matches();
    }

    /** The key that a host writes to learn of the hub's time; nobody reads it but the host itself. */
    static String clockOf(HostName host) {
        return host + CLOCK;
    }

    /** Whether a key is such a one. */
    static boolean isClock(String key) {
        return key.endsWith(CLOCK) && key.indexOf('.') == key.length() - CLOCK.length();
    }

    /** What the answers to a host's questions begin with. */
    static String answersTo(HostName host) {
        return "_INBOX_" + host;
    }

    /** What a host may publish; an entry for each. */
    List<String> mayPublish(HostName host) {
        return List.of(
                outboxOf(host),
                bucketPrefix() + host,
                bucketPrefix() + host + ".>",
                "$JS.API.INFO",
                "$JS.API.STREAM.INFO." + stream(),
                "$JS.API.STREAM.INFO." + bucketStream(),
                "$JS.API.STREAM.CREATE." + stream(),
                "$JS.API.STREAM.CREATE." + bucketStream(),
                "$JS.API.CONSUMER.CREATE." + stream() + "." + host + "." + inboxOf(host),
                "$JS.API.CONSUMER.INFO." + stream() + "." + host,
                "$JS.API.CONSUMER.MSG.NEXT." + stream() + "." + host,
                "$JS.API.DIRECT.GET." + bucketStream());
    }

    /** What a host may subscribe to. */
    static String maySubscribe(HostName host) {
        return answersTo(host) + ".>";
    }
}
