package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {
    private static final int ROWS = 200;
    private static final int BOTH = 60;
    private static final Grader GRADER = (task, output) -> new Grade(output.equals("right") ? 1 : 0, Map.of(), "");

    private static Judged judged(String name, int from, int to) {
        List<Task> tasks = IntStream.range(0, ROWS)
                .mapToObj(i -> new Task("t" + i, Conversation.of(ChatMessage.of("user", "x")), "right", Map.of()))
                .toList();
        List<Answer> answers = IntStream.range(0, ROWS)
                .mapToObj(i -> new Answer(i >= from && i < to ? "right" : "wrong", 0, 0))
                .toList();
        return Judged.of(tasks, new Answers(name, answers, 1, new double[] {1}), GRADER);
    }

    /** Both are right on the same {@value #BOTH} rows, each alone on some, in a report with other comparisons. */
    private static Question question(int wins, int losses, double... others) {
        Judged a = judged("a", 0, wins + BOTH);
        Judged b = judged("b", wins, wins + BOTH + losses);
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (double p : others) {
            comparisons.add(new Report.Comparison("a", "c", 0, 0, 0, p, p));
        }
        comparisons.add(Report.comparison(a, b, 1));
        double[] corrected = Holm.correct(
                comparisons.stream().mapToDouble(Report.Comparison::p).toArray());
        List<Report.Comparison> reported = IntStream.range(0, corrected.length)
                .mapToObj(i -> {
                    Report.Comparison one = comparisons.get(i);
                    return new Report.Comparison(
                            one.a(), one.b(), one.difference(), one.low(), one.high(), one.p(), corrected[i]);
                })
                .toList();
        return Question.of(a, b, reported);
    }

    @Test
    void whatIsShownIsShownAfterCorrection() {
        // 22 rows won and 7 lost: p = 0.0081.
        assertEquals(Question.Answer.BETTER, question(22, 7).answer());
        assertEquals(Question.Answer.WORSE, question(7, 22).answer());
        Question among = question(22, 7, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
        assertEquals(Question.Answer.NOT_SHOWN, among.answer(), among.measured());
        assertEquals(7 * among.p(), among.pHolm(), 1e-12);
        assertEquals(15.0 / ROWS, among.difference().value(), 1e-12);
        assertEquals(82.0 / ROWS, among.quality(), 1e-12);
    }

    @Test
    void theNeededQualityIsWorkedOut() {
        // 30 rows are decided differently: 21 won and 9 lost are p = 0.043, 20 and 10 p = 0.099.
        assertEquals((BOTH + 10 + 12.0) / ROWS, question(20, 10).needed(), 1e-12);
        // With a second comparison p must be below 0.025: 22 and 8 are 0.016.
        assertEquals((BOTH + 10 + 14.0) / ROWS, question(20, 10, 0.9).needed(), 1e-12);
    }

    /** Whoever has what is needed, with as many rows that exactly one has right, is shown to be better; with a row less nobody is. */
    @ParameterizedTest
    @CsvSource({"20, 10", "22, 7", "7, 22", "1, 0", "0, 0", "40, 39", "12, 30", "35, 2", "3, 4"})
    void whatIsNeededTurnsTheAnswer(int wins, int losses) {
        double[] others = {1e-9, 0.004, 0.2, 0.7};
        Question question = question(wins, losses, others);
        int lead = (int) Math.round(question.needed() * ROWS) - BOTH - losses;
        assertEquals(
                Question.Answer.BETTER, shifted(wins + losses, lead, others).answer());
        assertTrue(shifted(wins + losses, lead - 1, others).answer() != Question.Answer.BETTER, question.measured());
        assertEquals(question.quality() >= question.needed() - 1e-12, question.answer() == Question.Answer.BETTER);
    }

    private static Question shifted(int discordant, int lead, double... others) {
        int differing = Math.max(lead, discordant);
        differing += (differing - lead) % 2;
        return question((differing + lead) / 2, (differing - lead) / 2, others);
    }

    @Test
    void theSentenceHasEveryNumber() {
        String words = question(22, 7).measured();
        assertTrue(
                words.startsWith("a minus b is +7.5 points (")
                        && words.contains("p = 0.0081, corrected 0.0081; 200 rows"),
                words);
        assertTrue(words.contains("right on 41.0 % of them, it is shown to be better from 39.5 % on"), words);
    }
}
