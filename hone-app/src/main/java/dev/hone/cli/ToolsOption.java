package dev.hone.cli;

import dev.hone.record.Constraint;
import dev.hone.schema.Grammar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tools of which an answer is a call. */
final class ToolsOption {
    @Option(
            names = "--tools",
            paramLabel = "FILE",
            description = "A JSON list of tools in OpenAI's form: answers are calls of one of them, or cut by length.")
    private @Nullable Path tools;

    /**
     * @param otherwise where there are no tools
     * @throws IllegalArgumentException when the file is no list of tools that can be followed, or there is another constraint
     */
    Constraint constraint(Constraint otherwise) throws IOException {
        if (tools == null) {
            return otherwise;
        }
        if (!(otherwise instanceof Constraint.None)) {
            throw new IllegalArgumentException(
                    "--tools [%s] and --schema exclude each other: give one".formatted(tools));
        }
        List<String> list = new ArrayList<>();
        try {
            JsonNode read = JsonMapper.shared().readTree(Files.readString(tools));
            if (!read.isArray()) {
                throw new IllegalArgumentException(
                        "--tools [%s] is no JSON list: list tools in OpenAI's form".formatted(tools));
            }
            read.forEach(tool -> list.add(tool.toString()));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "--tools [%s] is not JSON: %s".formatted(tools, e.getOriginalMessage()), e);
        }
        Grammar.ofCalls(list);
        return new Constraint.Call(list);
    }
}
