package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.fetch.FetchListener;
import dev.hone.record.Conversation;
import dev.hone.record.SampleRequest;
import dev.hone.record.Task;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.SmallJobs;
import dev.hone.run.UseCase;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a server makes of a product's request is what the trained model was judged by, whatever the use case: tokens, constraint, and no chance. */
final class ServedAsJudgedTest {
    @TempDir
    static Path folder;

    private static LoadedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static List<UseCase> everyKind() {
        return List.of(
                SmallJobs.calls(),
                SmallJobs.calls().showing(2).beside(SmallJobs.demonstratedCalls()),
                SmallJobs.labels(),
                SmallJobs.texts(),
                SmallJobs.numbers());
    }

    @Test
    void noKindAndNoFormIsMissing() {
        assertEquals(
                Set.copyOf(Arrays.asList(UseCase.class.getPermittedSubclasses())),
                everyKind().stream().map(Object::getClass).collect(Collectors.toSet()));
        assertEquals(
                EnumSet.allOf(PromptForm.class),
                everyKind().stream().map(one -> one.taught().form()).collect(Collectors.toSet()));
    }

    private static SampleRequest served(UseCase useCase, ObjectNode request) {
        byte[] body = request.put("model", "tiny").toString().getBytes(StandardCharsets.UTF_8);
        return new Prompt(model, useCase.taught(), TinyByteModel.POSITIONS, 1)
                .of(new ChatRequestReader("tiny", 4).read(body));
    }

    /** By the request that the demo prints. */
    @ParameterizedTest
    @MethodSource("everyKind")
    void theProductsRequestIsServedAsItWasJudged(UseCase useCase) {
        for (Task task : useCase.data().tasks()) {
            SampleRequest served = served(useCase, useCase.request(task));
            assertArrayEquals(model.prompt(useCase.ask(task)), served.prompt(), task.id());
            assertEquals(useCase.constrain(task), served.constraint());
            assertEquals(0, served.params().temperature());
        }
    }

    /** And by what it sends to a general model today, and by what it sent when its rows were recorded. */
    @ParameterizedTest
    @MethodSource("everyKind")
    void theProductNeedNotChangeItsRequest(UseCase useCase) {
        for (Task task : useCase.data().tasks()) {
            for (Conversation sent : List.of(
                    useCase.product(task),
                    new Conversation(
                            task.input().messages(), useCase.product(task).tools()))) {
                SampleRequest served = served(useCase, ChatJson.of(sent));
                assertArrayEquals(model.prompt(useCase.ask(task)), served.prompt(), task.id());
                assertEquals(useCase.constrain(task), served.constraint());
            }
        }
    }

    /** Some products ask for one of the labels as JSON. */
    @Test
    void labelsMayBeAskedForAsJson() {
        UseCase labels = SmallJobs.labels();
        Task task = labels.data().tasks().getFirst();
        ObjectNode request = ChatJson.of(labels.product(task)).put("temperature", 0.5);
        request.putObject("response_format")
                .put("type", "json_schema")
                .putObject("json_schema")
                .put("name", "label")
                .putObject("schema")
                .put("type", "string")
                .set("enum", JsonMapper.shared().valueToTree(SmallJobs.LABELS.keySet()));
        SampleRequest served = served(labels, request);
        assertArrayEquals(model.prompt(labels.ask(task)), served.prompt());
        assertEquals(labels.constrain(task), served.constraint());
        assertEquals(0.5, served.params().temperature());
    }
}
