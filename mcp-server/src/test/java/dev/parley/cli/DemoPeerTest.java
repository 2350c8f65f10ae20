package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.setup.VmOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The servers of the demonstration are what a client would start. */
class DemoPeerTest {

    @Test
    void theirVmHasTheOptionsOfAServer() {
        List<String> arguments = DemoPeer.arguments();

        assertEquals(VmOptions.ofServer(), arguments.subList(0, arguments.indexOf("-cp")));
    }
}
