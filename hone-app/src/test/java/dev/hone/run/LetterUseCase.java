package dev.hone.run;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.evaluate.PriceList;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.TaskFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** A job for {@link TinyChatModel}: to repeat the first letter of a word. */
final class LetterUseCase {
    static final Loop.Listener SILENT = new Loop.Listener() {
        @Override
        public void stage(String name) {}

        @Override
        public void answered(String contender, int done, int total) {}

        @Override
        public void stepped(SftListener.Step step) {}

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}
    };

    static final PriceList PRICES = new PriceList(
            "USD", new PriceList.Amount(0.05, new PriceList.Origin("2026-11-27", "an offer", true)), null);

    private LetterUseCase() {}

    /** With some words, all of them different. */
    static UseCase of(int count) {
        Random random = new Random(4);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String word = random.ints(8, 'a', 'i').mapToObj(Character::toString).collect(Collectors.joining());
            tasks.add(new Task(
                    "t" + i,
                    Conversation.of(ChatMessage.of("user", word)),
                    word.substring(0, 1),
                    Map.of(TaskFile.PART, "all")));
        }
        return new TextUseCase(
                new UseCase.Data("letters", tasks, Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));
    }
}
