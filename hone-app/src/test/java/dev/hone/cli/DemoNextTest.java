package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.run.AnswersFile;
import dev.hone.run.ModelContender;
import dev.hone.run.ModelPanel;
import dev.hone.run.SmallJobs;
import dev.hone.run.UseCase;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a demo prints last does what it says: the printed server answers the printed request as the model was judged. */
@Timeout(300)
final class DemoNextTest {
    private static final Pattern SERVE = Pattern.compile("serve:  \\./hone (.+)");
    private static final Pattern CURL = Pattern.compile(
            "curl http://127\\.0\\.0\\.1:8000(/v1/chat/completions) -H 'Content-Type: application/json' -d @(\\S+)");

    @TempDir
    Path folder;

    /** Prints what comes next. */
    private String next(Path trained, UseCase useCase, Task task) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            DemoNext.print(folder, "report.html", trained, useCase, task);
        } finally {
            System.setErr(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Matcher found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), text);
        return matcher;
    }

    /** The message that the printed server answers to the printed request; its port is a free one. */
    private JsonNode served(String printed) throws Exception {
        List<String> serve =
                new ArrayList<>(List.of(found(SERVE, printed).group(1).split(" ")));
        serve.addAll(List.of("--port", "0", "--json"));
        Matcher curl = found(CURL, printed);
        Process server = HoneScript.start(
                Files.createDirectories(folder.resolve("home")), folder.resolve("errors"), List.of(serve));
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
                HttpClient http = HttpClient.newHttpClient()) {
            String listening = said.readLine();
            assertTrue(listening != null, () -> "no server: " + read(folder.resolve("errors")));
            URI url = URI.create(
                    JsonMapper.shared().readTree(listening).path("url").asString());
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(url.resolve(curl.group(1)))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofFile(Path.of(curl.group(2))))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), response.body());
            return JsonMapper.shared().readTree(response.body()).at("/choices/0/message");
        } finally {
            server.destroy();
            assertTrue(server.waitFor(60, TimeUnit.SECONDS));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the report is made of. */
    private String judged(Path trained, UseCase useCase, Task task) throws IOException {
        return new ModelPanel(
                        SamplingMode.EXACT, useCase, new AnswersFile(folder.resolve("answers")), new DemoProgress())
                .ask(
                        trained.toString(),
                        () -> false,
                        new ModelContender("tuned", List.of(task), 0, useCase::ask, useCase::constrain))
                .orElseThrow()
                .getFirst()
                .answers()
                .getFirst()
                .output();
    }

    private Path learned(UseCase useCase) throws IOException {
        return SmallJobs.learned(useCase, TinyByteModel.write(folder.resolve("tiny")), folder.resolve("model"));
    }

    @Test
    void aLabelIsServedAsItWasJudged() throws Exception {
        UseCase labels = SmallJobs.labels();
        Path trained = learned(labels);
        for (Task task : labels.data().tasks().subList(0, 2)) {
            String label = served(next(trained, labels, task)).path("content").asString();
            assertTrue(SmallJobs.LABELS.containsKey(label), label);
            assertEquals(judged(trained, labels, task), JsonMapper.shared().writeValueAsString(label));
        }
    }

    @Test
    void aCallIsServedAsItWasJudged() throws Exception {
        UseCase calls = SmallJobs.calls();
        Path trained = learned(calls);
        for (Task task :
                List.of(calls.data().tasks().getFirst(), calls.data().tasks().getLast())) {
            JsonNode call = served(next(trained, calls, task))
                    .path("tool_calls")
                    .path(0)
                    .path("function");
            JsonNode judged = JsonMapper.shared().readTree(judged(trained, calls, task));
            assertEquals(judged.path("name"), call.path("name"));
            assertEquals(
                    judged.path("arguments"),
                    JsonMapper.shared().readTree(call.path("arguments").asString()));
        }
    }
}
