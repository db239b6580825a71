package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule by examples; on the leaderboard's data it is compared with the original by goldens/bfcl/check.sh. */
class ToolCallGraderTest {
    private static final String TOOL = """
        {"type":"function","function":{"name":"ride","parameters":{"type":"dict","required":["place","minutes"],
        "properties":{"place":{"type":"string"},"minutes":{"type":"integer"},"tip":{"type":"float"},
        "stops":{"type":"array","items":{"type":"string"}},"shared":{"type":"boolean"},
        "rider":{"type":"dict"}}}}}\
        """;
    private static final String ACCEPTED = """
        {"ride":{"place":["12 Main St., Springfield","Springfield"],"minutes":[10],"tip":["",2.0],
        "stops":["",["Bank","Café"]],"shared":["",true],"rider":["",{"name":["Ann"],"age":["",30]}]}}\
        """;
    private static final Task TASK = new Task(
            "t",
            new Conversation(List.of(ChatMessage.of("user", "?")), List.of(TOOL)),
            "",
            Map.of("accepted", ACCEPTED));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        1 | {"place":"12 Main St., Springfield","minutes":10}
        1 | {"place":"12 main st springfield","minutes":10}
        1 | {"place":"SPRINGFIELD","minutes":10,"tip":2}
        1 | {"place":"Springfield","minutes":10,"tip":2.0,"stops":["bank","CAFÉ"]}
        1 | {"place":"Springfield","minutes":10,"shared":true,"rider":{"name":"ann"}}
        1 | {"place":"Springfield","minutes":10,"rider":{"name":"Ann","age":30}}
        0 | {"place":"Springfield"}
        0 | {"minutes":10}
        0 | {"place":"Springfeld","minutes":10}
        0 | {"place":"Springfield","minutes":11}
        0 | {"place":"Springfield","minutes":"10"}
        0 | {"place":"Springfield","minutes":10.0}
        0 | {"place":"Springfield","minutes":10,"tip":3}
        0 | {"place":"Springfield","minutes":10,"tip":"2"}
        0 | {"place":"Springfield","minutes":10,"stops":["Café","Bank"]}
        0 | {"place":"Springfield","minutes":10,"stops":["Bank",1]}
        0 | {"place":"Springfield","minutes":10,"shared":1}
        0 | {"place":"Springfield","minutes":10,"shared":false}
        0 | {"place":"Springfield","minutes":10,"rider":{"age":30}}
        0 | {"place":"Springfield","minutes":10,"rider":{"name":"Ann","seat":1}}
        0 | {"place":"Springfield","minutes":10,"colour":"red"}
        0 | {"place":null,"minutes":10}
        """)
    void arguments(int score, String arguments) {
        Grade grade = new ToolCallGrader().grade(TASK, "{\"name\":\"ride\",\"arguments\":" + arguments + "}");
        assertEquals(score, grade.score(), grade.reason());
        assertEquals(1, grade.parts().get("function"));
        assertEquals(score == 1, grade.reason().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `` |0
        ride(place=1) |0
        {"name":"ride"} |0
        {"name":"ride","arguments":[]} |0
        {"name":"ride","arguments":{},"more":1} |0
        {"name":"ride","arguments":{"place":"a","place":"b"}} |0
        {"name":"ride","arguments":{"minutes":NaN}} |0
        {"name":"ride","arguments":{}} {} |0
        {"name":"walk","arguments":{}} |1
        """)
    void outputsThatAreNoCallOrAnother(String output, double valid) {
        Grade grade = new ToolCallGrader().grade(TASK, output);
        assertEquals(0, grade.score());
        assertEquals(valid, grade.parts().get("valid"));
        assertEquals(0, grade.parts().get("function"));
    }

    @Test
    void hostileOutputsAreWrongAndNothingElse() {
        ToolCallGrader grader = new ToolCallGrader();
        String deep = "{\"name\":\"ride\",\"arguments\":{\"place\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}}";
        String big = "{\"name\":\"ride\",\"arguments\":{\"place\":\"" + "x".repeat(1_000_000) + "\"}}";
        String huge = "{\"name\":\"ride\",\"arguments\":{\"minutes\":1" + "0".repeat(5_000) + "}}";
        String exponent = "{\"name\":\"ride\",\"arguments\":{\"place\":\"Springfield\",\"minutes\":1e999999}}";
        for (String output : List.of(deep, big, huge, exponent, "\u0000", "\ud800")) {
            assertEquals(0, grader.grade(TASK, output).score());
        }
    }

    @Test
    void partsTellHowFarItCame() {
        Grade grade = new ToolCallGrader()
                .grade(TASK, "{\"name\":\"ride\",\"arguments\":{\"place\":\"Springfield\",\"minutes\":11}}");
        assertEquals(1, grade.parts().get("argument.place"));
        assertEquals(0, grade.parts().get("argument.minutes"));
        assertEquals(1, grade.parts().get("argument.tip"));
        assertTrue(grade.reason().contains("[minutes]") && grade.reason().contains("[11]"), grade.reason());
    }
}
