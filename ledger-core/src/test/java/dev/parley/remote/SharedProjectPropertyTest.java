package dev.parley.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.remote.SharedProject.Known;
import dev.parley.remote.SharedProject.Told;
import dev.parley.remote.SharedProject.Unknown;
import dev.parley.testing.TextArbitraries;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Which project a repository is, told by the address it was cloned from. */
final class SharedProjectPropertyTest {

    private static final String SECRET = "hunter2";

    private static Told origin(String address) {
        return SharedProject.of(Optional.empty(), Optional.of(address));
    }

    private static String identity(Told told) {
        return assertInstanceOf(Known.class, told).project().identity();
    }

    @Example
    void allWaysToOneRepositoryAreOneProject() {
        for (String address : List.of(
                "https://example.org/team/app.git",
                "https://example.org/team/app",
                "https://example.org/team/app/",
                "https://EXAMPLE.org:8443/team/app.git/",
                "https://ann:hunter2@example.org/team/app.git",
                "https://x@y:hunter2@example.org/team/app",
                "https://example.org/team/app.git?access_token=hunter2",
                "https://example.org/team/app#hunter2",
                "http://example.org//team//app",
                "https://example.org./team/app",
                "HTTPS://example.org/team/app",
                "ssh://git@example.org:22/team/app.git",
                "git+ssh://git@example.org/team/app",
                "git://example.org/team/app.git",
                "git@example.org:team/app.git",
                "example.org:team/app",
                "git@Example.org:/team/app.git",
                "  git@example.org:team/app.git\n")) {
            assertEquals("example.org/team/app", identity(origin(address)), address);
        }
    }

    @Example
    void differentRepositoriesStayApart() {
        assertNotEquals(origin("https://example.org/team/app"), origin("https://example.org/team/App"));
        assertNotEquals(origin("https://example.org/team/app"), origin("https://example.com/team/app"));
        assertNotEquals(origin("https://example.org/app"), origin("https://example.org/team/app"));
        assertEquals("[2001:db8::1]/app", identity(origin("ssh://git@[2001:DB8::1]:22/app.git")));
        assertEquals("[2001:db8::1]/app", identity(origin("git@[2001:db8::1]:app.git")));
        assertEquals("example.org/~ann/app", identity(origin("ssh://example.org/~ann/app")));
    }

    @Example
    void aPlaceOnThisMachineIsNoIdentity() {
        for (String address : List.of(
                "/srv/git/app.git",
                "../app",
                "./app:b",
                "app",
                "file:///srv/git/app.git",
                "FILE://host/srv",
                "C:/work/app",
                "C:\\work\\app",
                "")) {
            Unknown unknown = assertInstanceOf(Unknown.class, origin(address), address);
            assertTrue(unknown.reason().contains("on this machine"), unknown.reason());
            assertTrue(unknown.reason().contains("git config parley.project"), unknown.reason());
        }
    }

    @Example
    void whatCannotBeToldIsRefused() {
        for (String address : List.of(
                "https://example.org",
                "https://example.org/",
                "https:///app",
                "https://ann:hun/ter2@example.org/app",
                "https://ann:hunter2/x@example.org/app",
                "https://example.org:port/app",
                "https://exa mple.org/app",
                "https://example.org/a b",
                "https://example.org/\u202eapp",
                "ext::ssh -i key example.org app",
                "codecommit::eu-west-1://app",
                "s3://bucket/app",
                "https://example.org/" + "a".repeat(500))) {
            Unknown unknown = assertInstanceOf(Unknown.class, origin(address), address);
            assertFalse(unknown.reason().contains("ter2"), unknown.reason());
        }
    }

    @Example
    void aNameGoesBeforeTheOrigin() {
        Optional<String> origin = Optional.of("https://example.org/fork/app");
        assertEquals("team-app", identity(SharedProject.of(Optional.of("team-app"), origin)));
        assertEquals(
                "example.org/team/app", identity(SharedProject.of(Optional.of("example.org/team/app.git"), origin)));
        assertEquals(
                "example.org/team/app",
                identity(SharedProject.of(Optional.of("https://ann:hunter2@example.org/team/app"), origin)));
        // A name that is none is an error to tell of, not a reason to take the origin all the same.
        assertInstanceOf(Unknown.class, SharedProject.of(Optional.of("team app"), origin));
        assertInstanceOf(Unknown.class, SharedProject.of(Optional.empty(), Optional.empty()));
    }

    @Property
    void userPasswordPortAndQueryAreDropped(
            @ForAll("schemes") String scheme,
            @ForAll("users") String user,
            @ForAll("hosts") String host,
            @ForAll("ports") String port,
            @ForAll("paths") String path,
            @ForAll("ends") String end) {
        String plain = identity(origin("https://" + host + "/" + path));
        Told told = origin(scheme + "://" + user + host + port + "/" + path + end);
        assertEquals(plain, identity(told));
        assertFalse(told.toString().contains(SECRET), told::toString);
        assertTrue(plain.startsWith(host.toLowerCase(java.util.Locale.ROOT) + "/"), plain);
    }

    @Provide
    Arbitrary<String> schemes() {
        return Arbitraries.of("https", "http", "ssh", "git", "SSH", "git+ssh", "ftps");
    }

    @Provide
    Arbitrary<String> users() {
        return Arbitraries.of(
                "",
                "git@",
                "ann:" + SECRET + "@",
                SECRET + "@",
                ":" + SECRET + "@",
                "a@b:" + SECRET + "@",
                "%40:" + SECRET + "@");
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .ofMinLength(2)
                .ofMaxLength(12)
                .map(name -> name + ".example");
    }

    @Provide
    Arbitrary<String> ports() {
        return Arbitraries.of("", ":", ":22", ":8443");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("._-~+%")
                .ofMinLength(1)
                .ofMaxLength(10)
                .filter(step -> !step.endsWith(".git") && !step.endsWith("."))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(steps -> String.join("/", steps));
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of("", "/", ".git", ".git/", "?token=" + SECRET, ".git#" + SECRET);
    }

    /** Whatever stands there, it is refused, or told without what is before an '@', and its token is one of a subject. */
    @Property
    void anyTextIsRefusedOrHarmless(@ForAll("anything") String address) {
        Told told = origin(address);
        if (told instanceof Known known) {
            String identity = known.project().identity();
            assertTrue(identity.matches("[!-~&&[^@?#\\\\]]+"), identity);
            assertTrue(
                    known.project().token().matches("[0-9a-f]{20}"),
                    known.project().token());
        }
        assertFalse(told.toString().contains(SECRET), told::toString);
    }

    @Provide
    Arbitrary<String> anything() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.of(
                        "https://",
                        "ssh://",
                        "git@",
                        "u:" + SECRET + "@",
                        ":",
                        "/",
                        "//",
                        "::",
                        "[",
                        "]",
                        ".git",
                        "@",
                        "example.org"),
                TextArbitraries.text(6));
        // Always behind something that may be taken for a user.
        return piece.list().ofMaxSize(6).map(pieces -> String.join("", pieces)).filter(text -> !bare(text));
    }

    /** Where the secret is a host or a path by all that can be told. */
    private static boolean bare(String text) {
        int secret = text.indexOf(SECRET);
        return secret >= 0 && !text.matches("(?s)[a-z+]+://[^/]*" + SECRET + "@.*");
    }
}
