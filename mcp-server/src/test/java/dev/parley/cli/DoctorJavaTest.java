package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.setup.Examination;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What doctor says of Java. */
class DoctorJavaTest {

    @Test
    void saysWhichItIsAndThatThisOneStartedWithoutAnArchive() {
        Examination java = DoctorJava.examine();

        assertEquals(Examination.Level.OK, java.level());
        assertTrue(java.seen().contains(System.getProperty("java.home")), java::seen);
        assertTrue(java.seen().contains("'parley setup' makes"), java::seen);
    }

    @Test
    void saysWithWhatAStartIsFast() {
        assertEquals("starts with a class data archive", DoctorJava.start(Optional.of(Path.of("/c/17.jsa"))));
        assertEquals("starts with a cache of linked classes", DoctorJava.start(Optional.of(Path.of("/c/25.0f.aot"))));
    }

    @Test
    void saysWhatANewerOneWouldBringAndNoFigureThatWasNotMeasured() {
        assertEquals("", DoctorJava.newer(25));
        assertEquals("", DoctorJava.newer(26));
        String newer = DoctorJava.newer(24);
        assertTrue(newer.contains("a Java 25 or newer") && newer.contains("was not measured on this machine"), newer);
        assertTrue(newer.replace("25", "").chars().noneMatch(Character::isDigit), newer);
    }
}
