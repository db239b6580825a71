package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Verdict.Choice;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class VerdictTest {
    private static final Grader GRADER = (task, output) -> new Grade(output.equals("right") ? 1 : 0, Map.of(), "");

    private static final List<Task> TASKS = tasks();

    private static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            tasks.add(new Task("t" + i, Conversation.of(ChatMessage.of("user", "x")), "right", Map.of()));
        }
        return tasks;
    }

    /** Right on the tasks from {@code from} to {@code to}, of {@code rows}. */
    private static Judged answers(String name, int from, int to, int rows) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            answers.add(new Answer(i >= from && i < to ? "right" : "wrong", 0, 0));
        }
        return Judged.of(TASKS, new Answers(name, answers, 1, new double[] {1}), GRADER);
    }

    private static Verdict verdict(int tuned, int classic, int incumbent) {
        return Verdict.of(
                answers("tuned", 0, tuned, 200),
                List.of(answers("majority", 0, 10, 200), answers("linear", 0, classic, 200)),
                answers("today", 0, incumbent, 200),
                1);
    }

    @ParameterizedTest
    @CsvSource({
        "120, 150,  20, CLASSIC, linear",
        "150, 150,  20, CLASSIC, linear",
        "155, 150,  20, CLASSIC, linear",
        "156, 150,  20, POST_TRAIN, tuned",
        "150,  25,  20, POST_TRAIN, tuned",
        "28,   25,  20, POST_TRAIN, tuned",
        "24,   23,  20, STAY, today",
        "10,   10, 150, STAY, today",
        "160,  30, 158, STAY, today",
    })
    void decidesByWhatIsShown(int tuned, int classic, int incumbent, Choice choice, String contender) {
        Verdict verdict = verdict(tuned, classic, incumbent);
        assertEquals(choice, verdict.choice(), verdict.sentence());
        assertEquals(contender, verdict.contender());
    }

    /** Whoever has what is needed, all else equal, turns the verdict; one row less does not. */
    @Test
    void whatIsNeededTurnsTheVerdict() {
        Verdict verdict = verdict(120, 150, 20);
        assertEquals("tuned", verdict.a());
        assertEquals("linear", verdict.b());
        assertEquals(-0.15, verdict.difference().value(), 1e-12);
        assertEquals(0.6, verdict.quality(), 1e-12);
        // 30 rows are decided differently: 21 won and 9 lost are p = 0.043, 20 and 10 p = 0.099.
        assertEquals(12, Verdict.lead(30));
        assertEquals(0.75 + 12 / 200.0, verdict.needed(), 1e-12);
        assertEquals(Choice.POST_TRAIN, shifted(21, 9).choice());
        assertEquals(Choice.CLASSIC, shifted(20, 10).choice());
    }

    /** Tuned right where linear is, but for {@code losses}, and on {@code wins} rows more. */
    private static Verdict shifted(int wins, int losses) {
        return Verdict.of(
                answers("tuned", losses, 150 + wins, 200),
                List.of(answers("linear", 0, 150, 200)),
                answers("today", 30, 50, 200),
                1);
    }

    /** A bad model differs on more rows than one as good as the other would: 180 here, and 2 · 0.9 · 0.1 · 200 = 36 then. */
    @Test
    void whatIsNeededIsOfAModelThatIsNearlyAsGood() {
        assertEquals(0.9 + Verdict.lead(36) / 200.0, verdict(0, 180, 20).needed(), 1e-12);
        assertTrue(Verdict.lead(180) > Verdict.lead(36) + 8);
    }

    @Test
    void saysItInASentence() {
        assertEquals(
                "Use the cheaper classic model [linear]: tuned minus linear is -15.0 points",
                verdict(120, 150, 20).sentence().substring(0, 74));
        assertTrue(
                verdict(120, 150, 20)
                        .sentence()
                        .endsWith("; being right on 81.0 % of them, not 60.0 %, would change that (p < 0.05)."),
                verdict(120, 150, 20).sentence());
    }

    @Test
    void tooFewRowsCanShowNothing() {
        Verdict few = Verdict.of(
                answers("tuned", 0, 4, 4), List.of(answers("linear", 0, 2, 4)), answers("today", 0, 1, 4), 1);
        assertEquals(Choice.STAY, few.choice());
        assertTrue(few.needed() > 1 && few.sentence().contains("so few rows cannot show"), few.sentence());
    }

    @Test
    void theIncumbentMayHaveAnsweredFewer() {
        Verdict verdict = Verdict.of(
                answers("tuned", 0, 100, 200), List.of(answers("linear", 0, 150, 200)), answers("today", 0, 5, 40), 1);
        assertEquals(Choice.CLASSIC, verdict.choice());
        assertEquals(200, verdict.rows());
    }

    @Test
    void theReportCarriesItInWords() {
        String json = JsonMapper.shared().writeValueAsString(verdict(120, 150, 20));
        assertTrue(json.contains("\"choice\":\"classic\"") && json.contains("\"needed\":0.81"), json);
    }
}
