package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.remote.SharedProject;
import dev.parley.trace.Why;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The text of the file {@code hub}: lines that a person can read, and change with an editor. Its table is in {@code docs/FORMAT.md}. */
final class HubText {

    private static final String HEADER = "parley hub 1";
    private static final Pattern ANY_HEADER = Pattern.compile("parley hub \\d{1,9}");
    private static final Pattern INCARNATION = Pattern.compile("[0-9a-z]{16}");
    private static final Pattern USER = Pattern.compile("[!-~]{1,100}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final String SHARE = "share";

    private HubText() {}

    /** What is wrong with a text. */
    static final class WrongException extends Exception {

        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    /** Writes it. */
    static String write(HubSettings settings) {
        Membership membership = settings.membership();
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        lines.add("url " + membership.address());
        lines.add("team " + membership.team());
        lines.add("host " + membership.host());
        lines.add("incarnation " + settings.incarnation());
        lines.add("login " + login(membership.login()));
        membership.authority().ifPresent(file -> lines.add("ca " + file));
        if (membership.isInsecure()) {
            lines.add("insecure yes");
        }
        lines.add("accept " + settings.accept());
        settings.shared()
                .forEach((project, directory) -> lines.add(SHARE + " " + project.identity() + " " + directory));
        return String.join("\n", lines) + "\n";
    }

    private static String login(Login login) {
        if (login instanceof Login.Credentials credentials) {
            return "credentials " + credentials.file();
        }
        if (login instanceof Login.PasswordFile named) {
            return "password-file " + named.user() + " " + named.file();
        }
        if (login instanceof Login.PasswordVariable named) {
            return "password-env " + named.user() + " " + named.variable();
        }
        return "nobody";
    }

    /**
     * Reads it.
     *
     * @throws WrongException if it is not as it is written; the message names the line
     */
    static HubSettings read(String text) throws WrongException {
        List<String> lines = text.lines().toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        if (!first.equals(HEADER)) {
            throw new WrongException(
                    ANY_HEADER.matcher(first).matches()
                            ? "it was written by a newer Parley ('" + first + "'); update this one"
                            : "its first line is not '" + HEADER + "'");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        Map<SharedProject, String> shared = new HashMap<>();
        for (int number = 2; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            String value = parts.length == 2 ? parts[1].strip() : "";
            try {
                if (parts[0].equals(SHARE)) {
                    share(value, shared);
                } else if (!KNOWN.contains(parts[0])) {
                    throw new IllegalArgumentException("'" + parts[0] + "' is not one of " + KNOWN + " and " + SHARE);
                } else if (fields.put(parts[0], value) != null) {
                    throw new IllegalArgumentException("'" + parts[0] + "' is there twice");
                } else {
                    check(parts[0], value);
                }
            } catch (IllegalArgumentException e) {
                throw new WrongException("line " + number + ": " + Why.of(e));
            }
        }
        for (String needed : NEEDED) {
            if (!fields.containsKey(needed)) {
                throw new WrongException("it has no line '" + needed + "'");
            }
        }
        return settings(fields, shared);
    }

    private static final List<String> NEEDED = List.of("url", "team", "host", "incarnation", "login", "accept");
    private static final List<String> KNOWN =
            List.of("url", "team", "host", "incarnation", "login", "ca", "insecure", "accept");

    private static HubSettings settings(Map<String, String> fields, Map<SharedProject, String> shared) {
        return new HubSettings(
                new Membership(
                        new HubAddress(fields.getOrDefault("url", "")),
                        new TeamName(fields.getOrDefault("team", "")),
                        new HostName(fields.getOrDefault("host", "")),
                        login(fields.getOrDefault("login", "")),
                        Optional.ofNullable(fields.get("ca")).map(HubText::path),
                        fields.containsKey("insecure")),
                fields.getOrDefault("incarnation", ""),
                Accept.parse(fields.getOrDefault("accept", "")),
                shared);
    }

    /** Each line alone, so that an error can name it. */
    private static void check(String name, String value) {
        Object checked = switch (name) {
            case "url" -> new HubAddress(value);
            case "team" -> new TeamName(value);
            case "host" -> new HostName(value);
            case "login" -> login(value);
            case "ca" -> path(value);
            case "accept" -> Accept.parse(value);
            case "insecure" -> require(value.equals("yes"), value, "'insecure' is followed by 'yes', or not there");
            default ->
                require(INCARNATION.matcher(value).matches(), value, "an incarnation has 16 characters of 0-9 and a-z");
        };
        if (checked == null) {
            throw new IllegalArgumentException(name);
        }
    }

    private static String require(boolean holds, String value, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    private static Login login(String text) {
        String[] parts = text.split(" ", 3);
        String kind = parts[0];
        if (kind.equals("nobody") && parts.length == 1) {
            return new Login.Nobody();
        }
        if (kind.equals("credentials") && parts.length > 1) {
            return new Login.Credentials(path(text.substring(kind.length() + 1)));
        }
        if (parts.length == 3 && USER.matcher(parts[1]).matches()) {
            if (kind.equals("password-file")) {
                return new Login.PasswordFile(parts[1], path(parts[2]));
            }
            if (kind.equals("password-env")) {
                return new Login.PasswordVariable(
                        parts[1],
                        require(VARIABLE.matcher(parts[2]).matches(), parts[2], "that is no environment variable"));
            }
        }
        throw new IllegalArgumentException(
                "a login is 'credentials FILE', 'password-file USER FILE', 'password-env USER"
                        + " VARIABLE' or 'nobody'");
    }

    /** Absolute, and without what would end the line. */
    static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() && text.chars().noneMatch(c -> c < ' ' || c == 0x7f) && text.equals(text.strip())) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "a path in it is absolute, and has no control characters and no spaces at its ends");
    }

    private static void share(String value, Map<SharedProject, String> shared) {
        String[] parts = value.split(" ", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("'share' is followed by the project and by its directory");
        }
        if (shared.put(new SharedProject(parts[0]), path(parts[1]).toString()) != null) {
            throw new IllegalArgumentException("the project " + parts[0] + " is there twice");
        }
    }
}
