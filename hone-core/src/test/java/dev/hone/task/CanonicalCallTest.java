package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CanonicalCallTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "anything | {'must':['','x']} | {'must':'x'}",
                "anything | {'must':['']} | {'must':''}",
                "y it is | {'must':['x'],'may':['y','']} | {'must':'x'}",
                "x | {'zoo':[1],'must':['x'],'ape':[null]} | {'ape':null,'must':'x','zoo':1}",
                "in york today | {'must':['NY','York','New York']} | {'must':'York'}",
                "in Rome | {'must':['NY','New York']} | {'must':'NY'}",
                "a small Movie | {'must':['M','small']} | {'must':'small'}",
                "uses [a-z]+ (x) | {'must':['b','[a-z]+']} | {'must':'[a-z]+'}",
                "M and L | {'must':[['L','M'],['M','L']]} | {'must':['L','M']}",
                "big one | {'must':[{'size':['small','big'],'lid':['',true]}]} | {'must':{'size':'big'}}",
                "two | {'must':[[{'n':[1]},{'n':['',2]}]]} | {'must':[{'n':1},{}]}",
            })
    void theShortestFormNearestToTheSentenceIsChosen(String sentence, String accepted, String arguments) {
        String call = CanonicalCall.of("f", json(accepted), json("['must']"), sentence);
        assertEquals("{\"name\":\"f\",\"arguments\":%s}".formatted(arguments.replace('\'', '"')), call);
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
