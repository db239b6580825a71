package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TranscriptTest {
    private static String request(String beside) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"x\":%s}".formatted(beside);
    }

    @Test
    void whatWasSaidIsReadMessageByMessage() {
        List<Transcript.Said> asked = Transcript.of(request("[{}]"), null).asked();
        assertEquals(List.of("user"), asked.stream().map(Transcript.Said::role).toList());
    }

    /** A page of few bytes is no reason to make millions of objects: it shows them as they are. */
    @Test
    void aBodyOfManyValuesIsShownAsItIs() {
        String many = request("[" + "{},".repeat(Transcript.MOST_VALUES / 2) + "{}]");
        List<Transcript.Said> asked = Transcript.of(many, null).asked();
        assertEquals(List.of(new Transcript.Said("request", new Text(many), List.of())), asked);
    }

    @Test
    void argumentsOfManyValuesAreShownAsTheyAre() {
        String arguments = "[" + "{},".repeat(Transcript.MOST_VALUES / 2) + "{}]";
        String answer =
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}}]}"
                        .formatted(arguments);
        List<Transcript.Called> calls =
                Transcript.of(null, answer).answered().getFirst().calls();
        assertEquals(List.of(new Transcript.Called("f", new Text(arguments))), calls);
    }
}
