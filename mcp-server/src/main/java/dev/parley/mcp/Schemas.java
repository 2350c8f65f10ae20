package dev.parley.mcp;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON Schema (draft 2020-12) of an input record. Slow the first time (about 100 ms), so the tools of this
 * project have theirs prepared when they are built: see {@link Catalogue}.
 */
final class Schemas {
    /** What {@code @NotBlank} accepts: some character above the space, as {@code String.trim} has it. */
    private static final String NOT_BLANK = "[^\\u0000-\\u0020]";

    private static final class Generator {
        static final SchemaGenerator ONLY = generator();
    }

    private Schemas() {}

    /**
     * The schema of this record.
     *
     * @throws IllegalArgumentException when a component has a type that no schema can be made for
     */
    static ObjectNode of(Class<? extends Record> input) {
        ObjectNode schema = Generator.ONLY.generateSchema(input);
        schema.remove("$schema");
        if (!schema.has("properties")) {
            schema.putObject("properties");
        }
        anchorPatterns(schema);
        requireTypes(schema, input.getSimpleName());
        // Through its text, because the generator's numbers are of other kinds than those that are read.
        return (ObjectNode) Json.WIRE.readTree(schema.toString());
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.INLINE_ALL_SCHEMAS)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(new JakartaValidationModule(JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS));
        config.forTypesInGeneral()
                .withPropertySorter((ignored, unused) -> 0)
                .withCustomDefinitionProvider((type, context) -> enumDefinition(type));
        config.forFields()
                .withPropertyNameOverrideResolver(field -> Json.name(field.getDeclaredName()))
                .withRequiredCheck(Schemas::isRequired)
                .withNullableCheck(field -> false)
                .withDescriptionResolver(Schemas::description)
                .withStringMinLengthResolver(Schemas::leastCharacters)
                .withStringMaxLengthResolver(Schemas::mostCharacters)
                .withStringPatternResolver(Schemas::notBlank);
        return new SchemaGenerator(config.build());
    }

    private static @Nullable CustomDefinition enumDefinition(ResolvedType type) {
        Object[] constants = type.getErasedType().getEnumConstants();
        if (constants == null) {
            return null;
        }
        ObjectNode definition = Json.object().put("type", "string");
        ArrayNode names = definition.putArray("enum");
        Arrays.stream(constants).<JsonNode>map(Json.tools()::valueToTree).forEach(names::add);
        return new CustomDefinition(
                definition, CustomDefinition.DefinitionType.INLINE, CustomDefinition.INCLUDING_ATTRIBUTES);
    }

    /** A component is required unless it is {@code @Nullable}, and in any case if its constraints refuse null. */
    private static boolean isRequired(FieldScope field) {
        if (Stream.of(NotNull.class, NotEmpty.class, NotBlank.class)
                .anyMatch(type -> field.getAnnotation(type) != null)) {
            return true;
        }
        RecordComponent[] components = field.getDeclaringType().getErasedType().getRecordComponents();
        return components != null
                && Arrays.stream(components)
                        .filter(component -> component.getName().equals(field.getDeclaredName()))
                        .noneMatch(Schemas::isNullable);
    }

    /** Any annotation of that name will do, on the type (JSpecify) or on the component. */
    private static boolean isNullable(RecordComponent component) {
        return isNullable(component.getAnnotatedType().getAnnotations()) || isNullable(component.getAnnotations());
    }

    private static boolean isNullable(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static @Nullable String description(FieldScope field) {
        Describe describe = field.isFakeContainerItemScope() ? null : field.getAnnotation(Describe.class);
        String text = describe == null ? "" : describe.value();
        Utf8Size size = utf8Size(field);
        if (size != null && size.max() < Integer.MAX_VALUE) {
            text += (text.isEmpty() ? "at most " : "; at most ") + size.max() + " bytes of UTF-8";
        }
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Integer leastCharacters(FieldScope field) {
        Utf8Size size = utf8Size(field);
        // A character has at most 4 bytes.
        return size == null || size.min() == 0 ? null : Integer.valueOf((size.min() + 3) / 4);
    }

    private static @Nullable Integer mostCharacters(FieldScope field) {
        Utf8Size size = utf8Size(field);
        return size == null || size.max() == Integer.MAX_VALUE ? null : Integer.valueOf(size.max());
    }

    /** Only where there is no other pattern: the validation module is asked first. */
    private static @Nullable String notBlank(FieldScope field) {
        boolean constrained = field.isFakeContainerItemScope()
                ? field.getContainerItemAnnotation(NotBlank.class) != null
                : field.getAnnotation(NotBlank.class) != null;
        return constrained ? NOT_BLANK : null;
    }

    /** The constraint on the component itself, or on the items of a list. */
    private static @Nullable Utf8Size utf8Size(FieldScope field) {
        return field.isFakeContainerItemScope()
                ? field.getContainerItemAnnotation(Utf8Size.class)
                : field.getAnnotation(Utf8Size.class);
    }

    /** Bean Validation matches the whole text, JSON Schema any part of it. */
    private static void anchorPatterns(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("pattern").isString()
                && !object.path("pattern").stringValue().equals(NOT_BLANK)) {
            object.put("pattern", "^(?:" + object.path("pattern").stringValue() + ")$");
        }
        node.forEach(Schemas::anchorPatterns);
    }

    private static void requireTypes(JsonNode schema, String path) {
        schema.path("properties").forEachEntry((name, property) -> {
            String here = path + "." + name;
            if (!property.path("type").isString()) {
                throw new IllegalArgumentException(here + " has a type that a tool's input cannot have");
            }
            requireTypes(property, here);
        });
        if (schema.path("type").asString("").equals("array")) {
            requireTypes(schema.path("items"), path + "[]");
        }
    }
}
