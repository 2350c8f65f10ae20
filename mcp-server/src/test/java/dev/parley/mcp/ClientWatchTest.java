package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientWatchTest {

    @Test
    void onlyAParentThatIsKnownAndAnotherTellsThatTheClientIsGone() {
        assertFalse(ClientWatch.isAnother(4711, 4711));
        assertTrue(ClientWatch.isAnother(1, 4711));
        assertTrue(
                ClientWatch.isAnother(1, 0),
                "a client in another process namespace hands on to the first process of this one");
        assertFalse(ClientWatch.isAnother(0, 4711), "it cannot be told for the moment");
        assertFalse(ClientWatch.isAnother(0, 0));
    }
}
