package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssistantActionsTest {
    private static final String WEATHER = "{'name':'weather','parameters':{'type':'dict','required':['city'],"
            + "'properties':{'city':{'type':'string'},'date':{'type':'string'}}}}";

    private final List<String> questions = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    @Test
    void aRowBecomesATask() {
        enoughRows();
        add("wanted", "{'role':'system','content':'Be kind'},{'role':'user','content':'Rain in Rome?'}", """
            [{'weather':{'city':['Roma','Rome'],'date':['','today']}}]\
            """);
        Task task = selected().tasks().getLast();
        assertEquals("wanted", task.id());
        assertEquals("Rain in Rome?", task.question());
        assertEquals(1, task.input().messages().size());
        assertEquals(
                List.of(json("{'type':'function','function':" + WEATHER + "}")),
                task.input().tools());
        assertEquals(json("{'name':'weather','arguments':{'city':'Rome'}}"), task.reference());
        assertEquals(
                Map.of(
                        AssistantActions.FUNCTION,
                        "weather",
                        AssistantActions.ACCEPTED,
                        json("{'weather':{'city':['Roma','Rome'],'date':['','today']}}")),
                task.metadata());
        assertEquals(Map.of("only its system turn", 1), selected().excluded());
    }

    @Test
    void rowsOfAnotherKindAreLeftOut() {
        enoughRows();
        add("two turns", "{'role':'user','content':'one'}],[{'role':'user','content':'two'}", right());
        add("two calls", "{'role':'user','content':'both'}", "[{'weather':{'city':['A']}},{'weather':{'city':['B']}}]");
        assertEquals(AssistantActions.LEAST_ROWS, selected().tasks().size());
        assertEquals(
                Map.of("not exactly one user turn", 1, "not exactly one call", 1),
                selected().excluded());
    }

    @Test
    void aSentenceComesOnceWhateverItsScriptAndSigns() {
        enoughRows();
        user("first", "Is it cold in Oslo?");
        user("repeated", "is it  cold in OSLO");
        user("korean", "서울 날씨 어때?");
        user("chinese", "北京天气怎么样？");
        List<String> added = selected().tasks().stream()
                .map(Task::id)
                .filter(id -> !id.startsWith("row"))
                .toList();
        assertEquals(List.of("first", "korean", "chinese"), added);
        assertEquals(Map.of("said before", 1), selected().excluded());
    }

    @Test
    void rareFunctionsAreLeftOut() {
        for (int i = 1; i < AssistantActions.LEAST_ROWS; i++) {
            user("row " + i, "sentence " + i);
        }
        user("repeated", "Sentence 1");
        assertEquals(
                new AssistantActions.Selected(
                        List.of(), Map.of("of a rare function", AssistantActions.LEAST_ROWS - 1, "said before", 1)),
                selected());
        user("last", "one more");
        assertEquals(AssistantActions.LEAST_ROWS, selected().tasks().size());
    }

    private AssistantActions.Selected selected() {
        return AssistantActions.select(questions, answers);
    }

    private void enoughRows() {
        for (int i = 0; i < AssistantActions.LEAST_ROWS; i++) {
            user("row " + i, "sentence " + i);
        }
    }

    private static String right() {
        return "[{'weather':{'city':['Rome']}}]";
    }

    private void user(String id, String sentence) {
        add(id, "{'role':'user','content':'" + sentence + "'}", right());
    }

    private void add(String id, String messages, String truth) {
        questions.add(json("{'id':'%s','question':[[%s]],'function':[%s]}".formatted(id, messages, WEATHER)));
        answers.add(json("{'id':'%s','ground_truth':%s}".formatted(id, truth)));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
