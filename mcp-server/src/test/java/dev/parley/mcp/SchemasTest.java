package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SchemasTest {
    enum Wake {
        OFF,
        AUTO,
        @JsonProperty("next-turn")
        NEXT_TURN
    }

    record Inner(@Min(1) int count, @Nullable @Size(max = 5) String label) {}

    record Everything(
            @Describe("Who gets it") @NotBlank @Size(max = 40)
            String target,

            @Describe("The text") @Utf8Size(min = 1, max = 8192)
            String body,

            @Nullable Wake wake,
            @Min(1) @Max(600_000) @Nullable Integer timeoutMs,
            @Pattern(regexp = "[a-z]+") @Nullable String name,
            @Positive @Nullable Long big,
            @Nullable Double ratio,
            boolean flag,
            @Size(min = 1, max = 3) @Nullable List<@Utf8Size(max = 9) String> tags,
            @Valid @Nullable Inner inner,
            @Nullable List<@Valid Inner> inners) {}

    record Empty() {}

    record Unusable(@Nullable Object anything) {}

    @Test
    void saysAllThatTheRecordSays() {
        assertEquals(Json.WIRE.readTree("""
                {"type":"object","properties":{
                  "target":{"type":"string","description":"Who gets it","minLength":1,"maxLength":40,
                            "pattern":"[^\\\\u0000-\\\\u0020]"},
                  "body":{"type":"string","description":"The text; at most 8192 bytes of UTF-8","minLength":1,"maxLength":8192},
                  "wake":{"type":"string","enum":["off","auto","next-turn"]},
                  "timeout_ms":{"type":"integer","minimum":1,"maximum":600000},
                  "name":{"type":"string","pattern":"^(?:[a-z]+)$"},
                  "big":{"type":"integer","exclusiveMinimum":0},
                  "ratio":{"type":"number"},
                  "flag":{"type":"boolean"},
                  "tags":{"type":"array","minItems":1,"maxItems":3,
                          "items":{"type":"string","description":"at most 9 bytes of UTF-8","maxLength":9}},
                  "inner":{"type":"object","properties":{
                      "count":{"type":"integer","minimum":1},"label":{"type":"string","maxLength":5}},"required":["count"]},
                  "inners":{"type":"array","items":{"type":"object","properties":{
                      "count":{"type":"integer","minimum":1},"label":{"type":"string","maxLength":5}},"required":["count"]}}},
                 "required":["target","body","flag"]}
                """), Schemas.of(Everything.class));
    }

    @Test
    void keepsTheOrderOfTheComponents() {
        assertEquals(
                List.of(
                        "target",
                        "body",
                        "wake",
                        "timeout_ms",
                        "name",
                        "big",
                        "ratio",
                        "flag",
                        "tags",
                        "inner",
                        "inners"),
                List.copyOf(Schemas.of(Everything.class).path("properties").propertyNames()));
    }

    @Test
    void anEmptyRecordIsAnObjectWithoutProperties() {
        assertEquals(
                "{\"type\":\"object\",\"properties\":{}}",
                Schemas.of(Empty.class).toString());
    }

    @Test
    void refusesATypeThatNoSchemaFits() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Schemas.of(Unusable.class));

        assertTrue(refused.getMessage().contains("Unusable.anything"), refused.getMessage());
    }
}
