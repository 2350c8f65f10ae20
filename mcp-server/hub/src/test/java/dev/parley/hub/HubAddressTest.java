package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HubAddressTest {

    @Test
    void whatIsLeftOutIsFilledIn() {
        Map.of(
                        "hub.example.org", "nats://hub.example.org:4222",
                        "HUB.example.org:4333", "nats://hub.example.org:4333",
                        "tls://Hub:1", "tls://hub:1",
                        "TLS://hub/", "tls://hub:4222",
                        "nats://[::1]", "nats://[::1]:4222",
                        "10.0.0.1", "nats://10.0.0.1:4222")
                .forEach((text, url) -> assertEquals(url, HubAddress.parse(text).url(), text));
    }

    @Test
    void whatIsNoAddressIsRefusedAndNotQuoted() {
        for (String text : List.of(
                "",
                "nats://",
                "nats://user:secret@hub",
                "user@hub",
                "http://hub",
                "ws://hub",
                "nats://hub:0",
                "nats://hub:70000",
                "nats://hub/path",
                "nats://hub?x=secret",
                "nats://hub#x",
                "nats://-hub",
                "a b",
                "h".repeat(301))) {
            IllegalArgumentException told =
                    assertThrows(IllegalArgumentException.class, () -> HubAddress.parse(text), text);
            assertTrue(String.valueOf(told.getMessage()).contains("nats://HOST:PORT"), told::toString);
            assertFalse(String.valueOf(told.getMessage()).contains("secret"), told::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> new HubAddress("hub"), "not in full");
    }

    @Test
    void nothingIsSentToAnotherMachineWithoutTlsUnlessTheUserInsists() {
        for (String loopback : List.of("nats://localhost", "nats://127.0.0.1", "nats://127.9.9.9", "nats://[::1]")) {
            assertFalse(membership(loopback, false).needsTls(), loopback);
        }
        for (String other : List.of(
                "nats://10.0.0.1",
                "nats://hub",
                "nats://localhost.example.org",
                "nats://127.0.0.1.example.org",
                "nats://[::2]")) {
            assertTrue(membership(other, false).needsTls(), other);
            assertFalse(membership(other, true).needsTls(), other);
        }
        assertTrue(membership("tls://localhost", true).needsTls());
    }

    private static Membership membership(String url, boolean insecure) {
        return new Membership(
                HubAddress.parse(url),
                new TeamName("blue"),
                new HostName("laptop"),
                new Login.Nobody(),
                Optional.empty(),
                insecure);
    }
}
