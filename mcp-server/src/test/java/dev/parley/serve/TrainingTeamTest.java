package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.RoadException;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.office.PostOffice;
import dev.parley.peer.RemotePeer;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What classes are archived for the servers of a machine that has joined a team: else each of them holds its own. */
final class TrainingTeamTest {

    private static final String PROJECT = "/some/project/.git";

    @Test
    void aSessionOnAnotherMachineCanBeWrittenToAndNobodyIsConnectedTo(@TempDir Path temp) throws Exception {
        Path home = temp.resolve("home");
        Map<String, String> environment = Map.of("PARLEY_HOME", home.toString());
        assertTrue(TrainingTeam.join(home, PostOffices.open(environment, Trace.NONE), PROJECT));

        PostOffice office = PostOffices.open(environment, Trace.NONE);
        List<RemotePeer> elsewhere = office.peers().elsewhere(PROJECT);
        assertEquals(
                List.of(TrainingTeam.AFAR),
                elsewhere.stream().map(each -> each.peer().id()).toList());
        HubSettings settings = HubFile.in(home).read().orElseThrow();
        RoadException said =
                assertThrows(RoadException.class, () -> NatsRoad.open(settings.membership(), environment, Trace.NONE));
        assertTrue(String.valueOf(said.getMessage()).contains("TRAINING_PASSWORD, which is not set"), said::getMessage);
    }
}
