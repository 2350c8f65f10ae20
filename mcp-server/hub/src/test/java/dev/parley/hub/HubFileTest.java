package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.remote.SharedProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubFileTest {

    private static final SharedProject APP = new SharedProject("github.com/acme/app");
    private static final SharedProject SITE = new SharedProject("site");

    private static final String TEXT = """
            parley hub 1
            url tls://hub.example.org:4222
            team blue
            host laptop
            incarnation 0123456789abcdef
            login password-file laptop /home/me/hub password
            ca /home/me/ca.pem
            insecure yes
            accept build-server third
            share github.com/acme/app /home/me/my app/.git
            share site /home/me/site/.git
            """;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HubFile file;

    @BeforeEach
    void open() throws Exception {
        file = HubFile.in(directory.resolve("home"));
    }

    private static HubSettings settings(Login login) {
        return new HubSettings(
                new Membership(
                        HubAddress.parse("tls://hub.example.org"),
                        new TeamName("blue"),
                        new HostName("laptop"),
                        login,
                        Optional.of(Path.of("/home/me/ca.pem")),
                        true),
                "0123456789abcdef",
                Accept.parse("third,build-server"),
                Map.of(SITE, "/home/me/site/.git", APP, "/home/me/my app/.git"));
    }

    private static final Login PASSWORD = new Login.PasswordFile("laptop", Path.of("/home/me/hub password"));

    @Test
    void aMachineThatHasJoinedNoTeamHasNone() throws Exception {
        assertEquals(Optional.empty(), file.read());
        assertEquals(Optional.empty(), file.change(settings -> settings));
        assertFalse(Files.exists(file.path()));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        file.write(settings(PASSWORD));
        assertEquals(TEXT, Files.readString(file.path()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
        for (Login login : List.of(
                PASSWORD,
                new Login.Nobody(),
                new Login.Credentials(Path.of("/home/me/my.creds")),
                new Login.PasswordVariable("laptop", "HUB_PASSWORD"))) {
            file.write(settings(login));
            assertEquals(Optional.of(settings(login)), file.read());
        }
    }

    @Test
    void aPersonMayWriteItDifferently() throws Exception {
        Files.writeString(
                file.path(),
                "parley hub 1\n\n# ours\n  team   blue\nhost laptop\naccept   third,build-server\nurl nats://hub:4222\n"
                        + "login nobody\nincarnation 0123456789abcdef");
        HubSettings read = file.read().orElseThrow();
        assertEquals("nats://hub:4222", read.membership().address().url());
        assertEquals("build-server third", read.accept().toString());
        assertFalse(read.membership().isInsecure());
        assertEquals(Optional.empty(), read.membership().authority());
        assertEquals(Map.of(), read.shared());
    }

    @Test
    void whatIsWrongIsNamedWithItsLineAndLosesNothing() throws Exception {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("", "its first line");
        wrong.put("nonsense", "its first line");
        wrong.put(TEXT.replace("hub 1", "hub 2"), "newer Parley");
        wrong.put(TEXT.replace("team blue", "team Blue"), "line 3: the name of a team");
        wrong.put(TEXT.replace("team blue\n", ""), "no line 'team'");
        wrong.put(TEXT.replace("accept build-server third\n", ""), "no line 'accept'");
        wrong.put(TEXT + "team red\n", "line 12: 'team' is there twice");
        wrong.put(TEXT + "colour red\n", "line 12: 'colour' is not one of");
        wrong.put(TEXT + "share site /x/.git\n", "line 12: the project site is there twice");
        wrong.put(TEXT + "share other\n", "line 12: 'share' is followed");
        wrong.put(TEXT + "share other x/.git\n", "line 12: a path");
        wrong.put(TEXT.replace("laptop /home", "laptop home"), "line 6: a path");
        wrong.put(TEXT.replace("password-file", "password"), "line 6: a login");
        wrong.put(
                TEXT.replace("password-file laptop /home/me/hub password", "password-env laptop A B"),
                "line 6: that is no");
        wrong.put(TEXT.replace("password-file laptop /home/me/hub password", "nobody here"), "line 6: a login");
        wrong.put(TEXT.replace("/home/me/ca.pem", "ca.pem"), "line 7: a path");
        wrong.put(TEXT.replace("insecure yes", "insecure no"), "line 8: 'insecure'");
        wrong.put(TEXT.replace("tls://hub.example.org:4222", "tls://me:secret@hub:4222"), "line 2: the address");
        wrong.put(TEXT.replace("0123456789abcdef", "0123"), "line 5: an incarnation");
        wrong.put(TEXT.replace("third", "Third"), "line 9: the name of a host");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            Files.writeString(file.path(), each.getKey());
            DamagedHubFileException told = assertThrows(DamagedHubFileException.class, file::read, each.getKey());
            String message = String.valueOf(told.getMessage());
            assertTrue(message.contains(each.getValue()), told::toString);
            assertTrue(message.contains(file.path() + " cannot be used") && !message.contains("secret"), message);
            assertThrows(DamagedHubFileException.class, () -> file.change(settings -> settings));
            assertEquals(each.getKey(), Files.readString(file.path()));
        }
    }

    @Test
    void projectsAreSharedOneByOne() throws Exception {
        file.write(settings(PASSWORD));
        HubSettings now = file.change(settings -> settings.without(SITE).with(APP, "/elsewhere/.git"))
                .orElseThrow();
        assertEquals(Map.of(APP, "/elsewhere/.git"), now.shared());
        assertEquals(Optional.of(now), file.read());
        assertEquals(Optional.of(APP), now.sharedAs("/elsewhere/.git"));
        assertEquals(Optional.empty(), now.sharedAs("/home/me/my app/.git"));
    }

    @Test
    void whatCouldNotBeReadAgainIsNotWritten() throws Exception {
        file.write(settings(PASSWORD));
        assertThrows(DamagedHubFileException.class, () -> file.change(settings -> settings.with(APP, "/a\nteam red")));
        assertEquals(TEXT, Files.readString(file.path()));
    }

    @Test
    void itIsRemoved() throws Exception {
        file.write(settings(PASSWORD));
        file.remove();
        assertEquals(Optional.empty(), file.read());
        file.remove();
    }

    @Test
    void mailIsTakenFromTheHostsThatAreAccepted() {
        HostName third = new HostName("third");
        assertTrue(Accept.parse("all").accepts(third));
        assertFalse(Accept.parse("none").accepts(third));
        assertTrue(Accept.parse("build-server, third").accepts(third));
        assertFalse(Accept.parse("build-server").accepts(third));
        assertThrows(IllegalArgumentException.class, () -> Accept.parse(""));
        assertThrows(IllegalArgumentException.class, () -> Accept.parse("a,,b"));
    }
}
