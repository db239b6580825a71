package dev.hone.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.ConfigurationText;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gateways serve and gate, however somebody writes it. */
final class FollowedFilesTest {
    private static ConfigurationText text(String name, String text) {
        return new ConfigurationText("0".repeat(64), List.of(new ConfigurationText.File(name, text)));
    }

    private static ModelVersion version(int number) {
        return new ModelVersion(
                Ids.next(),
                Ids.next(),
                "job",
                number,
                new FinishedRun(
                        "b".repeat(64), "c".repeat(64), 1, "base", "d".repeat(64), "{}", "{}", "{}", Instant.EPOCH),
                Ids.next(),
                null,
                "a".repeat(64),
                null,
                List.of(),
                0,
                Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | models: {own: {version: job/3}}",
                "true | models: {own: {\"version\": job/3, rows: 4}}",
                "true | \"models\": {'own': {'version' : \"job/3\"}}",
                "true | models: {a: {version: job@live}, b: {version: default:job/3}}",
                "true | models:\\n  own:\\n    ? version\\n    : job/3",
                "false | models: {own: {version: job/33}}",
                "false | models: {own: {version: other-job/3}}",
                "false | models: {own: {version: job@live}}",
                "false | models: {own: {version: ./folder}} # version: job/3",
                "false | note: \"version: job/3\"",
                "false | upstreams: {version: job/3}",
                "true | models: {own: {version: job/3",
                "false | models: {own: {version: job@live"
            })
    void versionsAreServedByTheirNumbers(boolean serves, String yaml) {
        assertEquals(serves, FollowedFiles.serve(text("hone.yaml", yaml.replace("\\n", "\n")), version(3)), yaml);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | job.yaml | gates: {sample-size: 30}",
                "true | job.yaml | \"gates\" : {sample-size: 30}",
                "true | job.yaml | {name: job, gates: {sample-size: 30}}",
                "true | job.yaml | name: job\\n'gates':\\n  sample-size: 30",
                "false | other-job.yaml | gates: {sample-size: 30}",
                "false | job.yaml | name: job\\n# gates: {}",
                "false | job.yaml | job: |\\n  Says\\n  gates: of cities",
                "false | job.yaml | good: {gates: 1}",
                "true | job.yaml | {gates: {sample-size",
                "false | job.yaml | {name: job"
            })
    void gatesAreDeclaredByTheCharterOfTheUseCase(boolean gates, String name, String yaml) {
        assertEquals(gates, FollowedFiles.gate(text(name, yaml.replace("\\n", "\n")), "job"), yaml);
    }
}
