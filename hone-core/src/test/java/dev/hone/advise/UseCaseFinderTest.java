package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.SampleCalls.Labelled;
import dev.hone.advise.UseCaseFinder.Basis;
import dev.hone.advise.UseCaseFinder.Found;
import dev.hone.advise.UseCaseFinder.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UseCaseFinderTest {
    private static Result find(List<SampledCall> calls) {
        return new UseCaseFinder(20, 7, (done, of) -> {}).find(calls, WordTopics::new);
    }

    /** How far what was found agrees with the jobs; each call of the rest is by itself. */
    private static double agreement(List<Labelled> calls, Result result) {
        Map<UUID, Integer> groups = new HashMap<>();
        for (int i = 0; i < result.useCases().size(); i++) {
            for (SampledCall call : result.useCases().get(i).calls()) {
                groups.put(call.id(), i);
            }
        }
        result.rest().forEach(call -> groups.put(call.id(), -1 - groups.size()));
        return AdjustedRand.of(
                calls.stream().map(Labelled::job).toList(),
                calls.stream()
                        .map(one -> groups.getOrDefault(one.call().id(), -1))
                        .toList());
    }

    private static List<SampledCall> calls(List<Labelled> labelled) {
        return labelled.stream().map(Labelled::call).toList();
    }

    @Test
    void jobsAreRecoveredByTheirInstructions() {
        List<Labelled> mixed = SampleCalls.mixed(true);
        Result result = find(calls(mixed));
        assertEquals(1, agreement(mixed, result), 1e-9);
        assertEquals(5, result.useCases().size());
        assertTrue(result.useCases().stream().allMatch(one -> one.basis() == Basis.INSTRUCTIONS));
    }

    @Test
    void jobsAreRecoveredWithoutInstructions() {
        List<Labelled> mixed = SampleCalls.mixed(false);
        Result result = find(calls(mixed));
        double agreement = agreement(mixed, result);
        assertTrue(
                agreement >= 0.9,
                agreement + " " + result.useCases().stream().map(Found::basis).toList());
    }

    @Test
    void theOrderOfCallsDoesNotMatter() {
        List<Labelled> mixed = SampleCalls.mixed(true);
        List<Labelled> shuffled = new ArrayList<>(mixed);
        Collections.shuffle(shuffled, new Random(2));
        assertEquals(1, agreement(mixed, find(calls(shuffled))), 1e-9);
    }

    private static String name(int number) {
        return "N" + (char) ('a' + number % 26) + (char) ('a' + number / 26);
    }

    /** Names, dates and documents in instructions are one template; another job with the same preamble is another. */
    @Test
    void whatVariesInInstructionsIsLeftOut() {
        Random random = new Random(4);
        List<Labelled> calls = new ArrayList<>();
        String preamble =
                "You are the assistant of the Acme shop and you are always friendly and brief with everybody.";
        for (int i = 0; i < 40; i++) {
            String documents = String.join(
                    " ",
                    IntStream.range(0, 200)
                            .mapToObj(j -> "w" + Integer.toString(random.nextInt(100_000), 36))
                            .toList());
            calls.add(new Labelled(
                    "documents",
                    SampleCalls.call(
                            SampleCalls.chat(
                                    "Answer only from the documents that follow and say so where they say nothing. Today is 2026-11-%02d. %s"
                                            .formatted(1 + i % 28, documents),
                                    "Question " + i),
                            SampleCalls.said("That is so."))));
            calls.add(new Labelled(
                    "named",
                    SampleCalls.call(
                            SampleCalls.chat(
                                    "Write a short reply to the customer %s %s in the tone of the brand and sign it with the name of the team."
                                            .formatted(name(i), name(i + 300)),
                                    "Message " + i),
                            SampleCalls.said("Dear customer, thank you."))));
            for (String job :
                    List.of("Sort the message into one of the queues.", "Translate the message into plain French.")) {
                calls.add(new Labelled(
                        job,
                        SampleCalls.call(SampleCalls.chat(preamble + " " + job, "Text " + i), SampleCalls.said("x"))));
            }
        }
        Result result = find(calls(calls));
        assertEquals(
                1,
                agreement(calls, result),
                1e-9,
                result.useCases().stream().map(Found::template).toList().toString());
        Found named = result.useCases().stream()
                .filter(one -> one.template().startsWith("Write"))
                .findFirst()
                .orElseThrow();
        assertTrue(named.template().contains("Write a short reply to the customer … in the tone"), named.template());
        assertTrue(named.fixed() > 0.5 && named.fixed() < 0.98, "fixed: " + named.fixed());
    }

    @Test
    void instructionsInTheQuestionAreFound() {
        List<Labelled> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            calls.add(new Labelled(
                    "sum",
                    SampleCalls.call(
                            SampleCalls.chat(
                                    "",
                                    "Sum up the following ticket in one sentence of plain words: ticket n%d says m%d"
                                            .formatted(i, i * 7)),
                            SampleCalls.said("It is so. It was not."))));
            calls.add(new Labelled(
                    "sort",
                    SampleCalls.call(
                            SampleCalls.chat(
                                    "",
                                    "Text k%d of p%d. Is the text above about money, people, machines or other things?"
                                            .formatted(i, i * 3)),
                            SampleCalls.said("money"))));
        }
        Result result = find(calls(calls));
        assertEquals(1, agreement(calls, result), 1e-9);
        assertTrue(result.useCases().stream().allMatch(one -> one.basis() == Basis.QUESTIONS));
    }

    /** One prompt, two sets of tools. */
    @Test
    void toolsOfTheirOwnAreJobsOfTheirOwn() {
        List<Labelled> calls = new ArrayList<>();
        String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"%s\"}}]}";
        for (int i = 0; i < 60; i++) {
            String name = i % 2 == 0 ? "book_table" : "open_ticket";
            String chat = SampleCalls.chat(
                    "You help people of our house with whatever they may want to have done.", "Please " + i);
            calls.add(new Labelled(
                    name,
                    SampleCalls.call(
                            chat.substring(0, chat.length() - 1) + tools.formatted(name), SampleCalls.said("Done."))));
        }
        assertEquals(1, agreement(calls, find(calls(calls))), 1e-9);
    }

    /** Two things that are talked about are two jobs, unless the answers are of one set. */
    @Test
    void theSameAnswersAreOneJob() {
        List<String> topics = List.of(
                "invoice tax ledger audit budget payroll receipt dividend",
                "goal match referee stadium league striker penalty coach");
        for (boolean same : new boolean[] {true, false}) {
            Random random = new Random(8);
            List<SampledCall> calls = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                List<String> words = new ArrayList<>(List.of(topics.get(i % 2).split(" ")));
                Collections.shuffle(words, random);
                calls.add(SampleCalls.call(
                        SampleCalls.chat("", String.join(" ", words.subList(0, 5))),
                        SampleCalls.said((same ? "label_" : i % 2 == 0 ? "money_" : "sport_") + random.nextInt(6))));
            }
            assertEquals(same ? 1 : 2, find(calls).useCases().size());
        }
    }

    @Test
    void fewCallsAreRest() {
        SampledCall one = SampleCalls.call(SampleCalls.chat("Sort it.", "A text"), SampleCalls.said("x"));
        Result result = find(List.of(one));
        assertEquals(List.of(), result.useCases());
        assertEquals(List.of(one), result.rest());
        assertEquals(List.of(), find(List.of()).useCases());
        assertThrows(IllegalArgumentException.class, () -> new UseCaseFinder(1, 7, (done, of) -> {}));
    }

    @Test
    void oneUseCaseIsOne() {
        List<SampledCall> calls = IntStream.range(0, 50)
                .mapToObj(i -> SampleCalls.call(
                        SampleCalls.chat("Sort the message of a customer into one of our five queues.", "Message " + i),
                        SampleCalls.said("queue")))
                .toList();
        assertEquals(1, find(calls).useCases().size());
    }

    /** Long texts without spaces, empty instructions, nothing but signs: nothing takes long, and every call is somewhere. */
    @Test
    void hostileTextsEndSomewhere() {
        List<SampledCall> calls = new ArrayList<>();
        Random random = new Random(9);
        for (int i = 0; i < 400; i++) {
            String noise = random.ints(3_000, 33, 0x2FF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String system = switch (i % 5) {
                case 0 -> "x".repeat(100_000);
                case 1 -> "";
                case 2 -> " \n\t ";
                case 3 -> noise;
                default -> "a b ".repeat(2_000) + noise;
            };
            String user = switch (i % 4) {
                case 0 -> "";
                case 1 -> "y".repeat(100_000);
                case 2 -> noise;
                default -> "\u202E\uD83D\uDE00 '; DROP TABLE trace; --";
            };
            calls.add(SampleCalls.call(SampleCalls.chat(system, user), i % 3 == 0 ? null : SampleCalls.said(user)));
        }
        calls.add(SampleCalls.call("", null));
        Result result = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> find(calls));
        assertEquals(
                calls.size(),
                result.rest().size()
                        + result.useCases().stream()
                                .mapToInt(one -> one.calls().size())
                                .sum());
    }
}
