package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real launcher and server in the environments that users have: other locales, options for other programs, odd homes. */
@Tag("slow")
class AnyEnvironmentStdioIT {

    private Path root;
    private Path home;
    private Path project;

    /** Where everything has a name outside ASCII. */
    @BeforeEach
    void place(@TempDir Path directory) throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("b\u00fcro \u65e5\u672c"));
        home = root.resolve("store");
        project = Files.createDirectories(root.resolve("pr\u00f6ject"));
    }

    private Agent.Builder agent() {
        return Agent.in(home, project);
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, C", "LANG, POSIX", "LC_CTYPE, xx_XX.UTF-8", "UNRELATED, 1"})
    void everyToolWorksInAnyLocale(String variable, String value) throws Exception {
        try (Agent here = agent().with(variable, value).start();
                Agent there = agent().with("LC_ALL", "C.UTF-8").start()) {
            there.call("set_my_state", "name", "there").ok();
            here.call("set_my_state", "name", "here").ok();
            here.call("send_message", "target", "there", "body", "gr\u00fc\u00dfe")
                    .ok();
            assertEquals("gr\u00fc\u00dfe", there.awaitMail().text("/messages/0/body"));
            assertEquals("", here.server().errors());

            Map<String, String> environment = Shell.environment(home);
            environment.put(variable, value);
            Shell.parley(environment, project, "", "send", "here", "f\u00fcr dich")
                    .exited(0);
            assertEquals("f\u00fcr dich", here.awaitMail().text("/messages/0/body"));
            Shell.parley(environment, project, "", "status").exited(0).says("here", "pr\u00f6ject");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JAVA_TOOL_OPTIONS, -XX:+UseG1GC -Xms512m -XX:+PrintCommandLineFlags",
        "_JAVA_OPTIONS, -Xlog:gc -XX:+UseParallelGC -XX:+PrintFlagsFinal",
        "JDK_JAVA_OPTIONS, -Xlog:gc -verbose:class",
        "_JAVA_LAUNCHER_DEBUG, 1"
    })
    void optionsForOtherJavaProgramsNeitherStopTheServerNorAreHeardOnItsOutput(String variable, String value)
            throws Exception {
        try (Agent agent = agent().with(variable, value).start()) {
            agent.call("get_my_session").ok();
            assertEquals("", agent.server().errors());
        }
    }

    @Test
    void doctorNamesTheOptionsForOtherJavaPrograms() throws Exception {
        Map<String, String> environment = Shell.environment(home);
        environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -Dsecret=1");
        Shell doctor = Shell.parley(environment, project, "", "doctor").says("JAVA_TOOL_OPTIONS", "PARLEY_JVM_OPTS");
        assertFalse(doctor.out().contains("secret"));
        assertTrue(doctor.out().contains("server start: answers initialize"), doctor::out);
    }

    @ParameterizedTest
    @CsvSource({"HOME, relative", "HOME, '~'", "HOME, '?'", "PARLEY_HOME, relative", "PARLEY_HOME, '?'"})
    void anOddHomeMakesNoStoreInTheWorkingDirectory(String variable, String value) throws Exception {
        Map<String, String> environment = Shell.environment(home);
        if (variable.equals("HOME")) {
            environment.remove("PARLEY_HOME");
        }
        environment.put(variable, value);
        for (List<String> command :
                List.of(List.of("status"), List.of("setup", "--client", "codex"), List.of("doctor"))) {
            Shell.parley(environment, project, "", command.toArray(String[]::new))
                    .exited(1)
                    .says(variable + " is '" + value + "'", "set ");
        }
        Agent.Builder builder = agent().with(variable, value);
        if (variable.equals("HOME")) {
            builder.with("PARLEY_HOME", "");
        }
        try (Agent agent = builder.start()) {
            String said =
                    agent.call("get_my_session").failed("store-unavailable").toString();
            assertTrue(said.contains(variable + " is '" + value + "'"), said);
        }
        try (Stream<Path> made = Files.list(project)) {
            assertEquals(List.of(), made.toList());
        }
        assertTrue(Files.notExists(home));
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022"})
    void aTraceIsPrivateWhateverTheUmask(String umask) throws Exception {
        Path trace = root.resolve("trace");
        try (Agent agent = agent().with("PARLEY_TRACE", trace.toString())
                .under("/bin/sh", "-c", "umask " + umask + "; exec \"$0\" \"$@\"")
                .start()) {
            agent.call("set_my_state", "name", "reader").ok();
            Shell.parley(Shell.environment(home), project, "", "send", "reader", "hello")
                    .exited(0);
            agent.awaitMail();
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(trace)));
    }

    @Test
    void noPlugInIsLoadedFromAStoreThatOthersCanWriteTo() throws Exception {
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        Files.writeString(plugins.resolve("planted.jar"), "not even a jar");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Agent agent = agent().start()) {
            agent.call("get_my_session").failed("store-unavailable");
            String said = agent.server().errors();
            assertTrue(said.contains("no plug-ins of your own") && said.contains("chmod go-w"), said);
            assertFalse(said.contains("planted"), "nobody has looked into it: " + said);
        }
    }
}
