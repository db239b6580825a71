package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ToolCallVerdictsTest {
    private static final String TYPES = "'text':{'type':'string'},'count':{'type':'integer'},'rate':{'type':'float'},"
            + "'flag':{'type':'boolean'},'any':{'type':'any'},'box':{'type':'dict'},"
            + "'words':{'type':'array','items':{'type':'string'}},'counts':{'type':'array','items':{'type':'integer'}},"
            + "'boxes':{'type':'array','items':{'type':'dict'}}";

    /** The table's verdicts are those of the leaderboard's own checker: {@code goldens/bfcl/table.py}. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "tool-calls.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void theVerdictIsTheLeaderboards(String required, String accepted, String arguments, boolean right) {
        Grade grade = grade(
                task(required, accepted),
                "{'name':'f','arguments':%s}".formatted(arguments).replace('\'', '"'));
        assertEquals(right ? 1 : 0, grade.score(), grade.reason());
        assertEquals(right, grade.reason().isEmpty(), "a reason is given when it is wrong, and only then");
        assertEquals(1, grade.parts().get("valid"));
        assertEquals(1, grade.parts().get("function"));
    }

    @Test
    void hostileOutputsAreWrongAndNothingWorse() {
        Task task = task("[]", "{'text':['a'],'count':[1],'boxes':[[{'n':[1]}]]}");
        for (String value : List.of(
                "[".repeat(50_000),
                "[".repeat(40_000) + "]".repeat(40_000),
                "{\"a\":".repeat(20_000),
                "9".repeat(90_000),
                "1e999999999",
                "-1e-999999999",
                "\"" + "x".repeat(99_000) + "\"",
                "\"" + "x".repeat(5_000_000) + "\"",
                "\"\\ud800\"",
                "[[[[[[[1]]]]]]]",
                "[null,true,{\"n\":{\"n\":{}}}]")) {
            for (String name : List.of("text", "count", "boxes", "none")) {
                Grade grade = grade(task, "{\"name\":\"f\",\"arguments\":{\"%s\":%s}}".formatted(name, value));
                assertEquals(0, grade.score());
            }
        }
    }

    @Property
    void noOutputMakesItThrow(@ForAll String text, @ForAll int cut) {
        Task task = task("[]", "{'text':['a'],'count':[1]}");
        String call = "{\"name\":\"f\",\"arguments\":{\"text\":\"a\",\"count\":1}}";
        int at = Math.floorMod(cut, call.length());
        assertEquals(0, grade(task, text).score());
        Grade spliced = grade(task, call.substring(0, at) + text + call.substring(at));
        assertTrue(spliced.score() == 0 || spliced.score() == 1);
    }

    private static Grade grade(Task task, String output) {
        return new ToolCallGrader().grade(task, output);
    }

    private static Task task(String required, String accepted) {
        String tool =
                "{'type':'function','function':{'name':'f','parameters':{'type':'dict','required':%s,'properties':{%s}}}}"
                        .formatted(required, TYPES);
        return new Task(
                "task",
                new Conversation(List.of(ChatMessage.of("user", "?")), List.of(tool.replace('\'', '"'))),
                "",
                Map.of(ToolCallGrader.ACCEPTED, "{\"f\":%s}".formatted(accepted.replace('\'', '"'))));
    }
}
