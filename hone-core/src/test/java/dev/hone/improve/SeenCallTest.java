package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.GraderDefinition.Multi;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.Ids;
import dev.hone.task.AnswerKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Calls as they are stored, and how they are graded without anybody's right answer. */
final class SeenCallTest {
    private static final String TOOLS =
            "'tools':[{'type':'function','function':{'name':'pay','parameters':{'type':'object','properties':{'amount':{'type':'integer'}},'required':['amount']}}},{'type':'function','function':{'name':'help'}}]";

    private static SeenCall call(String request, String response) {
        return SeenCall.read(Ids.next(), request.replace('\'', '"'), response.replace('\'', '"'))
                .orElseThrow();
    }

    private static SeenCall saying(String text) {
        return SeenCall.read(
                        Ids.next(),
                        "{'messages':[{'role':'system','content':'s'},{'role':'user','content':'first'},{'role':'assistant','content':'?'},{'role':'user','content':[{'type':'text','text':'where is it'}]}]}"
                                .replace('\'', '"'),
                        JsonMapper.shared()
                                .writeValueAsString(Map.of(
                                        "choices",
                                        List.of(Map.of("message", Map.of("role", "assistant", "content", text))))))
                .orElseThrow();
    }

    private static SeenCall paying(String arguments) {
        return SeenCall.read(
                        Ids.next(),
                        ("{'messages':[{'role':'user','content':'pay 5'}]," + TOOLS + "}").replace('\'', '"'),
                        JsonMapper.shared()
                                .writeValueAsString(Map.of(
                                        "role",
                                        "assistant",
                                        "tool_calls",
                                        List.of(Map.of("function", Map.of("name", "pay", "arguments", arguments))))))
                .orElseThrow();
    }

    @Test
    void chatsResponsesAndRowsAreRead() {
        SeenCall said = saying("Tomorrow");
        assertEquals("where is it", said.question());
        assertEquals("Tomorrow", said.output());
        assertEquals(List.of(), said.offered());
        SeenCall called = paying("{\"amount\": 5}");
        assertEquals("{\"name\":\"pay\",\"arguments\":{\"amount\":5}}", called.output());
        assertEquals(List.of("pay", "help"), called.offered());
        SeenCall responses = call(
                "{'input':'hello','tools':[{'type':'function','name':'pay','parameters':{'type':'object'}},{'type':'web_search'}]}",
                "{'output':[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'Hi'}]},{'type':'function_call','name':'pay','arguments':'{}'}]}");
        assertEquals("hello", responses.question());
        assertEquals(List.of("pay"), responses.offered());
        assertEquals("pay", responses.calls().getFirst().name());
        SeenCall before = call(
                "{'messages':[{'role':'user','content':'q'}],'functions':[{'name':'pay','parameters':{'type':'object'}}]}",
                "{'choices':[{'message':{'role':'assistant','content':null,'function_call':{'name':'pay','arguments':'{}'}}}]}");
        assertEquals(List.of("pay"), before.offered());
        assertEquals("{\"name\":\"pay\",\"arguments\":{}}", before.output());
        SeenCall row = call("{'messages':[{'role':'user','content':'q'}]}", "{'role':'assistant','content':'a'}");
        assertEquals("a", row.output());
    }

    @Test
    void whatCannotBeReadIsLeftOut() {
        for (String response : new String[] {
            null, "", "no", "[]", "{}", "{\"choices\":[]}", "{\"choices\":[{\"message\":{\"content\":\"\"}}]}"
        }) {
            assertEquals(Optional.empty(), SeenCall.read(Ids.next(), "{\"messages\":[]}", response), "" + response);
        }
        assertEquals(Optional.empty(), SeenCall.read(Ids.next(), "{", "{\"role\":\"assistant\",\"content\":\"a\"}"));
        assertEquals(Optional.empty(), SeenCall.read(Ids.next(), "[".repeat(5_000), "{}"));
    }

    /** The geometric mean of two probabilities of 1/2 and 1/8 is 1/4. */
    @Test
    void uncertaintyIsThatOfTheTokens() {
        SeenCall sure = call(
                "{'messages':[]}",
                "{'choices':[{'message':{'content':'a b'},'logprobs':{'content':[{'token':'a','logprob':%s},{'token':'b','logprob':%s}]}}]}"
                        .formatted(Math.log(0.5), Math.log(0.125)));
        assertEquals(0.75, sure.uncertainty(), 1e-12);
        assertNull(saying("x").uncertainty());
        assertEquals(0.75, sure.uncertainty(null), 1e-12, "nobody else says it");
    }

    /** A toss-up in a call of forty tokens that have to be so is one, and a mean would say that it was nearly sure. */
    @Test
    void ofAnAnswerWithAFormTheWholeCountsAndOfATextAToken() {
        AnswerLogprob half = new AnswerLogprob(Math.log(0.5), 40);
        assertEquals(0.5, paying("{\"amount\":5}").uncertainty(half), 1e-12);
        SeenCall form = call(
                "{'messages':[],'response_format':{'type':'json_schema','json_schema':{}}}",
                "{'choices':[{'message':{'content':'{}'}}]}");
        assertEquals(0.5, form.uncertainty(half), 1e-12);
        assertNull(paying("{}").uncertainty(null));
        assertEquals(1 - Math.pow(0.5, 1.0 / 40), saying("x").uncertainty(half), 1e-12);
        SeenCall text = call(
                "{'messages':[],'response_format':{'type':'text'}}",
                "{'choices':[{'message':{'content':'a'},'logprobs':{'content':[{'token':'a','logprob':-9}]}}]}");
        assertEquals(1 - Math.pow(0.5, 1.0 / 40), text.uncertainty(half), 1e-12, "its server knows it best");
        assertEquals(0, text.uncertainty(new AnswerLogprob(0, 3)), 0);
    }

    @Test
    void theSameAnswerHasTheSameKey() {
        assertEquals(
                paying("{\"amount\": 5}").key(), paying("{ \"amount\":5.0}").key());
        assertEquals(
                paying("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}").key(),
                paying("{\"b\":{\"d\":3,\"c\":2},\"a\":1}").key());
        assertNotEquals(paying("{\"amount\":5}").key(), paying("{\"amount\":6}").key());
        assertEquals(saying("Refund").key(), saying(" refund\n").key());
        assertEquals(
                saying("{\"a\": 1, \"b\": 2}").key(),
                saying("{\"b\":2.0,\"a\":1}").key(),
                "an object is no letters");
        assertEquals(AnswerKey.of("no message"), AnswerKey.of("\"No  message\""));
    }

    @Test
    void callsAreWrittenByHand() {
        assertEquals(
                paying("{\"amount\":5}").key(),
                AnswerKey.of(SeenCall.calling(" {\"name\":\"pay\",\"arguments\":{\"amount\":5}} ", List.of("pay"))));
        for (String wrong : List.of("pay", "{\"name\":\"pay\"}", "{\"name\":\"pay\",\"arguments\":\"{}\"}")) {
            assertThrows(IllegalArgumentException.class, () -> SeenCall.calling(wrong, List.of("pay")));
        }
        String told = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> SeenCall.calling("{\"name\":\"steal\",\"arguments\":{}}", List.of("pay")))
                .getMessage());
        assertTrue(told.contains("[steal]") && told.contains("[pay]"), told);
    }

    private static Map<String, Double> grade(GraderDefinition good, SeenCall call) {
        return new FormGraders(good).grade(call);
    }

    @Test
    void formsAreGraded() {
        GraderDefinition call = new GraderDefinition.ToolCall();
        assertEquals(Map.of("tool_call", 1.0), grade(call, paying("{\"amount\":5}")));
        assertEquals(Map.of("tool_call", 0.0), grade(call, paying("{\"amount\":\"five\"}")));
        assertEquals(Map.of("tool_call", 0.0), grade(call, paying("{}")));
        assertEquals(Map.of("tool_call", 0.0), grade(call, paying("{\"amount\":5,\"to\":1}")));
        assertEquals(Map.of("tool_call", 0.0), grade(call, paying("{")));
        assertEquals(Map.of("tool_call", 0.0), grade(call, saying("no call")));
        GraderDefinition label =
                new GraderDefinition.Label(Map.of("refund", List.of("money back"), "shipping", List.of()));
        assertEquals(Map.of("label", 1.0), grade(label, saying("Money  back.")));
        assertEquals(Map.of("label", 0.0), grade(label, saying("it depends")));
        assertEquals("refund", new FormGraders(label).name(saying("Money back")));
        assertEquals("(no class)", new FormGraders(label).name(saying("it depends")));
        assertEquals("pay", new FormGraders(call).name(paying("{}")));
        GraderDefinition schema = new GraderDefinition.JsonSchema("{\"type\":\"object\",\"required\":[\"a\"]}");
        assertEquals(Map.of("json_schema", 1.0), grade(schema, saying("{\"a\":1}")));
        assertEquals(Map.of("json_schema", 0.0), grade(schema, saying("{}")));
        assertEquals(Map.of("numeric", 1.0), grade(new GraderDefinition.Numeric(0), saying("The answer is 12.")));
        assertEquals(Map.of("numeric", 0.0), grade(new GraderDefinition.Numeric(0), saying("I do not know")));
        Multi both = new Multi(List.of(
                new Multi.Part("form", 1, new GraderDefinition.StringCheck(Operation.EQ)),
                new Multi.Part("what", 1, label)));
        assertEquals(Map.of("form.string_check", 1.0, "what.label", 0.0), grade(both, saying("x")));
        assertEquals(2, FormGraders.classes(both).size());
    }

    @Test
    void aDemonstrationIsTheRightAnswer() {
        FormGraders calls = new FormGraders(new GraderDefinition.ToolCall());
        String right = paying("{\"amount\":5}").message().toString();
        assertEquals(Optional.of(1.0), calls.against(paying("{\"amount\": 5}"), right));
        assertEquals(Optional.of(0.0), calls.against(paying("{\"amount\": 6}"), right));
        FormGraders labels =
                new FormGraders(new GraderDefinition.Label(Map.of("refund", List.of(), "shipping", List.of())));
        assertEquals(
                Optional.of(1.0),
                labels.against(saying("refund"), SeenCall.message("Refund").toString()));
        assertEquals(
                Optional.empty(),
                labels.against(saying("refund"), SeenCall.message("neither").toString()));
        assertEquals(Optional.empty(), labels.against(saying("refund"), "no json"));
    }
}
