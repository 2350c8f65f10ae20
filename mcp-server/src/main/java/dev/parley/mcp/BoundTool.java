package dev.parley.mcp;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tool together with the schema that was made from its input record. */
record BoundTool<I extends Record>(Tool<I> tool, ObjectNode schema) {
    /**
     * Reads the arguments, checks them, and has the handler answer.
     *
     * @throws ToolException {@code invalid-arguments}, or whatever the handler tells
     * @throws Exception whatever else the handler throws
     */
    Object call(JsonNode arguments, CallContext call) throws Exception {
        I input = input(arguments);
        try {
            return tool.handler().handle(input, call);
        } catch (ToolException refused) {
            String unknown = refused.code().equals(Results.INVALID_ARGUMENTS) && arguments.isObject()
                    ? Shape.unknown(schema, arguments)
                    : "";
            throw unknown.isEmpty()
                    ? refused
                    : new ToolException(refused.code(), refused.message() + unknown, refused.details());
        }
    }

    /** The arguments as the tool's record, checked. */
    I input(JsonNode arguments) throws ToolException {
        if (!arguments.isMissingNode() && !arguments.isNull() && !arguments.isObject()) {
            throw invalid("arguments must be an object");
        }
        ObjectNode object = arguments instanceof ObjectNode given ? given : Json.object();
        List<String> misshapen = Shape.problems(schema, object);
        if (!misshapen.isEmpty()) {
            throw invalid(String.join("; ", misshapen) + Shape.unmeant(schema, object));
        }
        I input = read(object);
        refuse(Constraints.problems(input));
        return input;
    }

    private I read(ObjectNode object) throws ToolException {
        try {
            return Json.tools().treeToValue(object, tool.input());
        } catch (JacksonException e) {
            String field = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .filter(name -> name != null)
                    .reduce((first, second) -> first + "." + second)
                    .orElse("arguments");
            // A record may check itself in its constructor; what it says there is meant to be read.
            String reason = e.getCause() instanceof IllegalArgumentException refused && refused.getMessage() != null
                    ? refused.getMessage()
                    : "has a value that is out of range or malformed";
            throw invalid(field + " " + reason);
        }
    }

    private static void refuse(List<String> problems) throws ToolException {
        if (!problems.isEmpty()) {
            throw invalid(String.join("; ", problems));
        }
    }

    private static ToolException invalid(String message) {
        return new ToolException(Results.INVALID_ARGUMENTS, message);
    }
}
