package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallRewardTest {
    private static final String TOOL = """
            {"type":"function","function":{"name":"pay","parameters":{"type":"dict","properties":
            {"to":{"type":"string"},"amount":{"type":"integer"}},"required":["to","amount"]}}}""";
    private static final Task TASK = new Task(
            "1",
            new Conversation(List.of(ChatMessage.of("user", "pay Ann 5")), List.of(TOOL)),
            "",
            Map.of(ToolCallGrader.ACCEPTED, "{\"pay\":{\"to\":[\"Ann\"],\"amount\":[5]}}"));

    private static double reward(String output) {
        return CallReward.of(new ToolCallGrader().grade(TASK, output));
    }

    @Test
    void nearerIsWorthMoreAndRightIsWorthMost() {
        List<Double> rewards = new ArrayList<>();
        for (String output : List.of(
                "pay Ann 5",
                "{\"name\":\"buy\",\"arguments\":{}}",
                "{\"name\":\"pay\",\"arguments\":{}}",
                "{\"name\":\"pay\",\"arguments\":{\"to\":\"Ann\",\"amount\":6}}")) {
            rewards.add(reward(output));
        }
        assertEquals(0, rewards.getFirst());
        assertEquals(rewards.stream().sorted().distinct().toList(), rewards);
        assertTrue(rewards.getLast() < 0.5, rewards.toString());
        assertEquals(1, reward("{\"name\":\"pay\",\"arguments\":{\"to\":\"Ann\",\"amount\":5}}"));
    }
}
