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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

    /** The committed demo: far ahead of a weak classic contender, and just so of the incumbent, which was asked twenty rows. */
    @Test
    void theThinnestLeadIsTheOneThatIsTold() {
        Verdict verdict = Verdict.of(
                answers("tuned", 0, 44, 82), List.of(answers("copy", 0, 5, 82)), answers("base", 0, 12, 20), 1);
        assertEquals(Choice.POST_TRAIN, verdict.choice(), verdict.sentence());
        assertEquals("base", verdict.b());
        assertEquals(20, verdict.rows());
        // Eight rows of twenty that tuned alone has right; seven, and none lost, are p = 0.016; seven to one 0.07.
        assertEquals(1.0, verdict.quality(), 1e-12);
        assertEquals(0.6 + 7 / 20.0, verdict.needed(), 1e-12);
        assertTrue(
                verdict.sentence().endsWith(" was enough (p < 0.05). What you have, base, answered 20 of 82 rows."),
                verdict.sentence());
        Verdict.Test other = verdict.tests().get(1);
        assertEquals("copy", other.b());
        assertTrue(other.passed() && other.needed() < 0.2 && other.quality() > 0.5, other.toString());
    }

    /** Of a on the rows of b: right in so many in all, with so many that exactly one of both has right, all else of b's as it is. */
    private static Judged beside(String name, Judged b, int right, int decided) {
        double[] other = b.right();
        int lead = right - (int) DoubleStream.of(other).sum();
        int rows = decided - Math.abs(decided - lead) % 2;
        int wins = (Math.max(rows, lead) + lead) / 2;
        int losses = wins - lead;
        List<Answer> answers = new ArrayList<>();
        for (double one : other) {
            boolean turned = one == 1 ? losses-- > 0 : wins-- > 0;
            answers.add(new Answer((one == 1) != turned ? "right" : "wrong", 0, 0));
        }
        return Judged.of(TASKS, new Answers(name, answers, 1, new double[] {1}), GRADER);
    }

    /** {@code 3-20} is right on the tasks from 3 to 20. */
    private static Judged of(String name, String right) {
        String[] ends = right.split("-");
        return answers(name, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), 200);
    }

    /**
     * Whom the sentence names has what is needed, and then one row less, with as many rows that exactly one has right as {@link Duel#needed} says: the one makes the
     * verdict, the other does not. The numbers are of the sign test: 7:0 is p = 0.016, 6:0 0.031, 8:1 0.039, 12:3 0.035, 20:6 0.009; 5:0 0.063, 8:2 0.109, 11:3 0.057,
     * 12:4 0.077, 20:7 0.019.
     */
    @ParameterizedTest
    @CsvSource({
        // tuned, classics, incumbent, a against b, decided rows, needed rows, and the verdict with these and with one
        // less
        "0-30,    0-10 0-5,                 0-20, tuned,  today,  10, 27, POST_TRAIN, STAY",
        "0-75,    0-10 0-60,                0-20, tuned,  linear, 15, 69, POST_TRAIN, CLASSIC",
        "0-30,    0-10 30-58,               0-20, tuned,  linear, 56, 28, POST_TRAIN, STAY",
        "0-31,    0-10 0-25,                0-20, linear, today,   5, 26, CLASSIC,    POST_TRAIN",
        "0-55,    0-10 0-60,                0-20, tuned,  linear,  5, 66, POST_TRAIN, CLASSIC",
        "100-110, 0-20 0-21 0-27,           0-20, linear, today,   7, 27, CLASSIC,    STAY",
        "0-24,    0-10 0-21,                0-20, tuned,  today,   4, 26, POST_TRAIN, STAY",
        "100-110, 0-20 0-20 0-20 0-20 7-40, 0-20, linear, today,  27, 34, CLASSIC,    STAY",
        "4-16,    0-2 0-4,                  0-4,  tuned,  today,  16, 13, POST_TRAIN, STAY",
    })
    void whatIsNeededTurnsTheVerdict(
            String tuned,
            String classics,
            String incumbent,
            String a,
            String b,
            int decided,
            int needed,
            Choice enough,
            Choice less) {
        Map<String, Judged> judged = new LinkedHashMap<>();
        String[] others = classics.split(" ");
        for (int i = 0; i < others.length; i++) {
            String name = i == others.length - 1 ? "linear" : "other " + i;
            judged.put(name, of(name, others[i]));
        }
        judged.put("tuned", of("tuned", tuned));
        judged.put("today", of("today", incumbent));
        Verdict verdict = decide(judged);
        assertEquals(List.of(a, b), List.of(verdict.a(), verdict.b()), verdict.toString());
        assertEquals(needed / 200.0, verdict.needed(), 1e-12, verdict.sentence());
        boolean passed = verdict.quality() > verdict.needed() - 1e-9;
        assertEquals(passed ? enough : less, verdict.choice(), verdict.sentence());
        Judged other = Objects.requireNonNull(judged.get(b));
        judged.put(a, beside(a, other, needed, decided));
        assertEquals(enough, decide(judged).choice(), verdict.sentence());
        judged.put(a, beside(a, other, needed - 1, decided));
        assertEquals(less, decide(judged).choice(), verdict.sentence());
    }

    private static Verdict decide(Map<String, Judged> judged) {
        List<Judged> all = List.copyOf(judged.values());
        return Verdict.of(all.get(all.size() - 2), all.subList(0, all.size() - 2), all.getLast(), 1);
    }

    /** One row more of the classic contender would show it to be better than the incumbent, and the tuned model would still be far ahead of it. */
    @Test
    void whatWouldNotTurnTheVerdictIsNotTold() {
        Verdict verdict = verdict(45, 25, 20);
        assertEquals(Choice.POST_TRAIN, verdict.choice());
        assertEquals("tuned", verdict.a());
        assertEquals(Choice.POST_TRAIN, verdict(45, 26, 20).choice());
        assertEquals(26 / 200.0, verdict.tests().get(2).needed(), 1e-12);
    }

    /**
     * Of twenty rows the incumbent has one right, the tuned model eight others (p = 0.039) and the linear one nine (p = 0.021, times five 0.107), which is ahead on
     * all rows: nobody is shown to be better than the incumbent but whom the linear one beats.
     */
    @ParameterizedTest
    @CsvSource({"100, STAY", "120, STAY", "121, POST_TRAIN"})
    void aTunedModelThatIsWorseThanAClassicOneIsNotTaken(int to, Choice choice) {
        List<Judged> classics = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            classics.add(answers("other " + i, 0, 1, 200));
        }
        classics.add(answers("linear", 11, 120, 200));
        Verdict verdict = Verdict.of(answers("tuned", 12, to, 200), classics, answers("today", 0, 1, 20), 1);
        assertEquals(choice, verdict.choice(), verdict.sentence());
        assertTrue(verdict.tests().getFirst().passed(), "better than the incumbent");
        assertEquals(Verdict.Mark.NOT_WORSE, verdict.tests().get(1).mark());
    }

    @Test
    void aCorrectedTestIsCalledSo() {
        List<Judged> classics = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            classics.add(answers("other " + i, 0, 20, 200));
        }
        classics.add(answers("linear", 7, 40, 200));
        Verdict verdict = Verdict.of(answers("tuned", 100, 110, 200), classics, answers("today", 0, 20, 200), 1);
        assertEquals(
                "; being right on 17.0 % of them, not 16.5 %, would change that (p < 0.05, corrected for 5 classic contenders).",
                verdict.sentence()
                        .substring(verdict.sentence()
                                .indexOf(';', verdict.sentence().indexOf(" rows)"))));
        assertTrue(
                verdict.sentence().contains("p = 0.096, corrected for 5 classic contenders; 200 rows"),
                verdict.sentence());
    }

    /** A bad model differs on more rows than one as good as the other would: 180 here, and 2 · 0.9 · 0.1 · 200 = 36 then. */
    @Test
    void whatIsNeededIsOfAModelThatIsNearlyAsGood() {
        int lead = Duel.leastLead(36, p -> p < 0.05);
        assertEquals(0.9 + lead / 200.0, verdict(0, 180, 20).tests().get(1).needed(), 1e-12);
        assertTrue(Duel.leastLead(180, p -> p < 0.05) > lead + 8);
    }

    @Test
    void whatItsContenderDoesNotKeepIsSaidRightAway() {
        Verdict verdict = verdict(150, 25, 20);
        assertEquals(verdict, verdict.under(List.of(new Report.Constraint("tuned", "p95", 2000, 1999, true))));
        Verdict under = verdict.under(List.of(
                new Report.Constraint("linear", "p95", 2000, 2100, false),
                new Report.Constraint("tuned", "cost-per-thousand", 0.05, Double.NaN, false),
                new Report.Constraint("tuned", "p95", 2000, 2234.4, false)));
        assertEquals(List.of("cost-per-thousand", "p95"), under.exceeded());
        assertEquals(Choice.POST_TRAIN, under.choice());
        assertTrue(
                under.sentence()
                        .startsWith(
                                "Take the post-trained model, which is not known to keep cost-per-thousand (0.05000 is allowed)"
                                        + " and exceeds p95 (2234, where 2000 is allowed): tuned minus "),
                under.sentence());
        assertTrue(under.sentence().endsWith(verdict.sentence().substring("Take the post-trained model".length())));
    }

    /** What was written before there were tests is read as it was. */
    @Test
    void anOldOneIsRead() {
        Verdict verdict = verdict(120, 150, 20);
        ObjectNode json = (ObjectNode) JsonMapper.shared().valueToTree(verdict);
        assertEquals(verdict, JsonMapper.shared().treeToValue(json, Verdict.class));
        json.remove(List.of("tests", "exceeded", "tuned"));
        Verdict old = JsonMapper.shared().treeToValue(json, Verdict.class);
        assertEquals(verdict.sentence(), old.sentence());
        assertTrue(old.tests().isEmpty() && old.exceeded().isEmpty() && old.tuned() == null);
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
