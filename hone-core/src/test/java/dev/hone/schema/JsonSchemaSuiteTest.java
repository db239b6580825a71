package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema Test Suite: {@code goldens/json-schema/check.sh}. A grammar may refuse to write what a schema would accept; it
 * never writes what the schema refuses, and a schema that it cannot follow is refused by the keyword's name.
 */
@Tag("slow")
final class JsonSchemaSuiteTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Pattern KEYWORD = Pattern.compile("Keyword \\[([^]]*)]");

    private final Map<String, Integer> refused = new TreeMap<>();
    private final List<String> looser = new ArrayList<>();
    private final List<String> stricter = new ArrayList<>();
    private int groups;
    private int agreed;

    @Test
    void theGrammarNeverWritesWhatTheSchemaRefuses() throws IOException {
        Path suite = Path.of(Objects.requireNonNull(System.getProperty("hone.goldens.json-schema")));
        List<Path> files;
        try (Stream<Path> all = Files.list(suite)) {
            files = all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .collect(Collectors.toList());
        }
        // There, a format is more than a remark.
        Formats.names()
                .forEach(name -> files.add(suite.resolve("optional/format").resolve(name + ".json")));
        for (Path file : files) {
            for (JsonNode group : JSON.readTree(Files.readString(file))) {
                judge(file.getFileName() + ": " + group.path("description").asString(), group);
            }
        }
        stricter.forEach(value -> System.out.println("stricter: " + value));
        System.out.printf(
                "%d schemas, %d refused %s; %d values judged alike, %d stricter, %d looser%n",
                groups,
                refused.values().stream().mapToInt(count -> count).sum(),
                refused,
                agreed,
                stricter.size(),
                looser.size());
        assertTrue(groups > 300 && agreed > 300, "the suite is not there: " + suite);
        assertEquals(List.of(), looser);
    }

    private void judge(String name, JsonNode group) {
        groups++;
        Grammar grammar;
        try {
            grammar = Grammar.ofSchema(group.path("schema").toString());
        } catch (SchemaException e) {
            Matcher keyword = KEYWORD.matcher(String.valueOf(e.getMessage()));
            refused.merge(keyword.find() ? keyword.group(1) : String.valueOf(e.getMessage()), 1, Integer::sum);
            return;
        }
        for (JsonNode test : group.path("tests")) {
            boolean valid = test.path("valid").booleanValue();
            String value = test.path("data").toString();
            boolean accepted = GrammarTest.accepts(grammar, value);
            String line = "%s: %s: %s".formatted(name, test.path("description").asString(), value);
            if (accepted == valid) {
                agreed++;
            } else {
                (accepted ? looser : stricter).add(line);
            }
        }
    }
}
