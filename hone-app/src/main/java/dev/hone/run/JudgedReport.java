package dev.hone.run;

import dev.hone.fetch.Hashes;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code report.json} (docs/report.md) as it is kept with the versions that it judges.
 *
 * @param file where it was read
 * @param text as it is written
 * @param baseModelHash of the weights that everything in it began with
 * @param dataHash of what was judged on
 */
record JudgedReport(Path file, String text, String useCase, String baseModelHash, String dataHash, long seed) {
    private static final Map<String, Predicate<JsonNode>> NEEDED = Map.of(
            "useCase", JsonNode::isString,
            "baseModelHash", JsonNode::isString,
            "dataHash", JsonNode::isString,
            "seed", JsonNode::isIntegralNumber,
            "contenders", JsonNode::isArray);

    /** @throws IllegalArgumentException when the file holds something else */
    static JudgedReport read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("[%s] is no report: it is not UTF-8".formatted(file), e);
        }
        JsonNode report = parse(file, text);
        List<String> missing = NEEDED.entrySet().stream()
                .filter(field -> !field.getValue().test(report.path(field.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "[%s] is no report: it lacks %s; give the report.json of hone demo (docs/report.md)"
                            .formatted(file, missing));
        }
        return new JudgedReport(
                file,
                text,
                report.path("useCase").stringValue(),
                report.path("baseModelHash").stringValue(),
                report.path("dataHash").stringValue(),
                report.path("seed").longValue());
    }

    private static JsonNode parse(Path file, String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "[%s] is no report: %s; give the report.json of hone demo (docs/report.md)"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * Checks that it can judge what came of a run.
     *
     * @param first the run that began with the base model
     */
    void requireOf(String name, Manifest first) {
        if (!useCase.equals(name)) {
            throw new IllegalArgumentException(
                    "[%s] is about the use case [%s], not [%s]: give the report of this one, or --use-case %s"
                            .formatted(file, useCase, name, useCase));
        }
        if (!baseModelHash.equals(first.modelHash())) {
            throw new IllegalArgumentException(
                    "[%s] judges what was trained from [%s…], and this run began with [%s] [%s…]: give its own report"
                            .formatted(
                                    file,
                                    Hashes.shortened(baseModelHash),
                                    first.baseModel(),
                                    Hashes.shortened(first.modelHash())));
        }
    }
}
