package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestReaderTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ,"temperature":3                                    | temperature                     | invalid_value
        ,"top_p":0                                          | top_p                           | invalid_value
        ,"max_tokens":0                                     | max_tokens                      | invalid_value
        ,"max_tokens":"7"                                   | max_tokens                      | invalid_value
        ,"n":5                                              | n                               | invalid_value
        ,"stop":[""]                                        | stop                            | invalid_value
        ,"seed":1.5                                         | seed                            | invalid_value
        ,"stream":"yes"                                     | stream                          | invalid_value
        ,"stream_options":{"include_usage":true}            | stream_options                  | invalid_value
        ,"top_logprobs":2,"logprobs":true                   | top_logprobs                    | unsupported_parameter
        ,"frequency_penalty":0.5                            | frequency_penalty               | unsupported_parameter
        ,"logit_bias":{"5":1}                               | logit_bias                      | unsupported_parameter
        ,"reasoning_effort":"high"                          | reasoning_effort                | unsupported_parameter
        ,"modalities":["audio"]                             | modalities                      | unsupported_parameter
        ,"tool_choice":"required"                           | tool_choice                     | invalid_value
        ,"tools":[{"type":"retrieval"}]                     | tools[0].type                   | unsupported_parameter
        ,"tools":[{"type":"function","function":{}}]        | tools[0].function.name          | missing_required_parameter
        ,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"string","not":{}}}}] | tools[0].function.parameters | invalid_function_parameters
        ,"tools":[{"type":"function","function":{"name":"f"}}],"stop":"x" | stop              | unsupported_parameter
        ,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"g"}} | tool_choice.function.name | invalid_value
        ,"response_format":{"type":"xml"}                   | response_format.type            | invalid_value
        ,"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"not":{}}}} | response_format.json_schema.schema | invalid_json_schema
        """)
    void whatCannotBeDoneIsRefusedByItsName(String more, String parameter, String code) {
        Refusal refusal =
                refused("{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}");
        assertEquals(400, refusal.status());
        assertEquals(parameter, refusal.parameter());
        assertEquals(code, refusal.code());
        assertEquals("invalid_request_error", refusal.type());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        []                                                                  | messages
        {}                                                                  | messages
        ["x"]                                                               | messages[0]
        [{"role":"judge","content":"x"}]                                    | messages[0].role
        [{"role":"user"}]                                                   | messages[0].content
        [{"role":"user","content":5}]                                       | messages[0].content
        [{"role":"user","content":"x","mood":"bad"}]                        | messages[0].mood
        [{"role":"user","content":[{"type":"image_url","image_url":{}}]}]   | messages[0].content[0].type
        [{"role":"user","content":"x"},{"role":"assistant"}]                | messages[1].content
        [{"role":"tool","content":"x"}]                                     | messages[0].tool_call_id
        """)
    void badMessagesAreRefusedByTheirPlace(String messages, String place) {
        Refusal refusal = refused("{\"model\":\"tiny\",\"messages\":" + messages + "}");
        assertEquals(400, refusal.status());
        assertEquals(place, refusal.parameter());
    }

    @Test
    void whatChangesNothingIsTaken() {
        ChatRequest request = new ChatRequestReader("tiny", 4).read("""
                        {"model":"tiny","messages":[{"role":"developer","content":"a","name":null},{"role":"user","content":"b"}],
                        "user":"u","metadata":{"a":"b"},"store":true,"service_tier":"auto","parallel_tool_calls":false,
                        "frequency_penalty":0,"logit_bias":{},"top_logprobs":null,"functions":[],"audio":null}""".getBytes(StandardCharsets.UTF_8));
        assertEquals("system", request.messages().getFirst().role());
        assertEquals(new ChatRequest.Text(), request.wanted());
    }

    @Test
    void aBodyIsUtf8() {
        Refusal refusal = assertThrows(
                Refusal.class,
                () -> new ChatRequestReader("tiny", 4)
                        .read("{\"model\":\"tiny\"}".getBytes(StandardCharsets.UTF_16BE)));
        assertEquals("invalid_json", refusal.code());
        assertEquals("The body must be JSON in UTF-8: byte [0] is zero, as in UTF-16 or UTF-32", refusal.getMessage());
    }

    private static Refusal refused(String body) {
        return assertThrows(
                Refusal.class, () -> new ChatRequestReader("tiny", 4).read(body.getBytes(StandardCharsets.UTF_8)));
    }
}
