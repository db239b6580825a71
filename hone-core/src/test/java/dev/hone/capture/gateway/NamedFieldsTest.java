package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.RedactionKinds;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever is refused is told which field to mend, as OpenAI's clients read it. */
final class NamedFieldsTest extends GatewayFixture {
    private static final String CALL = "{\"model\":\"use-case/job\"}";

    private void assertField(int status, String code, String field, HttpResponse<String> response) throws Exception {
        assertRefused(status, code, response);
        JsonNode error = JsonMapper.shared().readTree(response.body()).path("error");
        assertEquals(field, error.path("param").asString(""), response.body());
        assertTrue(
                error.path("message").asString().contains("[" + (field.equals("model") ? "" : field)), response.body());
        assertEquals(List.of(), calls());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|missing_model|model|{\"messages\":[]}",
                "400|missing_model|model|{\"model\":\" \"}",
                "400|invalid_value|model|{\"model\":3}",
                "404|model_not_found|model|{\"model\":\"gpt\"}",
                "400|invalid_value|stream|{\"model\":\"use-case/job\",\"stream\":\"yes\"}",
                "400|invalid_json|messages|{\"model\":\"use-case/job\",\"messages\":[],\"messages\":[]}",
                "400|invalid_json|stream_options|{\"model\":\"use-case/job\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}",
                "400|invalid_json|messages|{\"model\":\"use-case/job\",\"messages\":DEEP}",
                "400|invalid_json|stream_options|{\"model\":\"use-case/job\",\"stream_options\":{\"x\":DEEP}}",
                "400|invalid_json|metadata|{\"model\":\"use-case/job\",\"metadata\":{\"NAME\":1}}",
                "400|invalid_json|a|{\"model\":\"use-case/job\",\"a\":DIGITS}",
                "400|invalid_json|temperature|{\"model\":\"use-case/job\",\"temperature\":NaN}",
                "400|invalid_json|messages[0].x|{\"model\":\"use-case/job\",\"messages\":[{\"x\":tru}]}",
                "400|invalid_json|messages[1].x|{\"model\":\"use-case/job\",\"messages\":[{},{\"x\":DIGITS}]}"
            })
    void aFieldOfTheBodyIsNamed(int status, String code, String field, String body) throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        boolean deep = body.contains("DEEP");
        HttpResponse<String> answer = post(
                url,
                body.replace("DEEP", "[".repeat(300) + "]".repeat(300))
                        .replace("NAME", "n".repeat(60_000))
                        .replace("DIGITS", "9".repeat(5_000)));
        assertField(status, code, field, answer);
        assertEquals(deep, answer.body().contains("is deeper than [200] levels"), answer.body());
        assertEquals(
                body.contains("NAME") || body.contains("DIGITS"), answer.body().contains("too long"), answer.body());
    }

    /** The body's own name is the field; of one that is too long, its beginning. */
    @Test
    void aNameThatIsTooLongIsNamedByItsBeginning() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        String name = "\u00fcb\\u0065r-" + "n".repeat(60_000);
        assertField(
                400,
                "invalid_json",
                name.substring(0, 100) + "…",
                post(
                        url,
                        "{\"model\":\"use-case/job\",\"said\":\"%s\",\"%s\" : 1}".formatted("x".repeat(70_000), name)));
    }

    /** Who sends no spans is no exporter, and reads no answer of OTLP's. */
    @Test
    void whatIsNoExportIsRefusedInOpenAisForm() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        HttpResponse<String> deleted = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/traces")).DELETE().build(),
                HttpResponse.BodyHandlers.ofString());
        assertRefused(405, "method_not_allowed", deleted);
        assertEquals("GET, POST", deleted.headers().firstValue("allow").orElse(""));
        HttpResponse<String> text = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/traces"))
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("spans"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertRefused(415, "unsupported_media_type", text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-hone-episode|ann@example.com",
                "x-hone-episode|LONG",
                "x-hone-user|LONG",
                "x-hone-tags|release",
                "x-hone-tags|a=1, a=2",
                "x-hone-tags|a=LONG",
                "x-hone-tags|MANY"
            })
    void aHeaderIsNamed(String header, String value) throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        StringBuilder many = new StringBuilder("a0=0");
        for (int i = 1; i < 20; i++) {
            many.append(",a").append(i).append("=0");
        }
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header(header, value.replace("LONG", "x".repeat(300)).replace("MANY", many))
                        .POST(HttpRequest.BodyPublishers.ofString(CALL))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertField(400, "invalid_value", header, response);
    }
}
