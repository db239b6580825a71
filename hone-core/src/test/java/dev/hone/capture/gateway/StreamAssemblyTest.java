package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class StreamAssemblyTest {
    private static Optional<ObjectNode> whole(String events) {
        return StreamAssembly.of(events.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertWhole(String expected, String events) {
        assertEquals(JsonMapper.shared().readTree(expected), whole(events).orElseThrow());
    }

    @Test
    void aChatIsTheOneThatItWouldHaveBeen() {
        assertWhole("""
                {"id":"c1","object":"chat.completion","model":"m","choices":[
                 {"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"},
                 {"index":1,"message":{"role":"assistant","content":null,"tool_calls":[
                  {"id":"t1","type":"function","function":{"name":"find","arguments":"{\\"a\\":1}"}},
                  {"id":"t2","type":"function","function":{"name":"stop","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
                 "usage":{"prompt_tokens":3,"completion_tokens":9}}""", """
                data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}],"usage":null}

                data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":1,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"find","arguments":"{\\"a\\""}}]},"finish_reason":null}],"usage":null}

                : a comment
                data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}

                data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"t2","type":"function","function":{"name":"stop","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}

                data: {"id":"c1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9}}

                data: [DONE]

                """);
    }

    /** What a model thought, and how likely its tokens were, come in pieces as well. */
    @Test
    void whatStandsBesideTheContentIsPutTogether() {
        assertWhole("""
                {"choices":[{"index":0,"message":{"role":"assistant","content":"ab","reasoning_content":"first then"},
                  "logprobs":{"content":[{"token":"a","logprob":-1},{"token":"b","logprob":-2}],"refusal":null},"finish_reason":"stop"}]}""", """
                data: {"choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"first "},"logprobs":null,"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"then"},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1}],"refusal":null},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-2}],"refusal":null},"finish_reason":"stop"}]}

                """);
    }

    @Test
    void whatWasCutIsKeptAsFarAsItCame() {
        assertWhole(
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"He\"},\"finish_reason\":null}]}",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"He\"}}]}\n\ndata: {\"choices\":[{\"ind");
    }

    @Test
    void completionsAndResponsesAreUnderstood() {
        assertWhole(
                "{\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"ab\",\"finish_reason\":\"length\"}]}",
                "data: {\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\ndata: {\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"b\",\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n");
        assertWhole(
                "{\"id\":\"r1\",\"status\":\"completed\"}",
                "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r1\"}}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r1\",\"status\":\"completed\"}}\n\n");
    }

    @Test
    void anythingElseIsNothing() {
        assertTrue(whole("").isEmpty());
        assertTrue(whole("{\"choices\":[]}").isEmpty());
        assertTrue(whole("data: 7\n\ndata: [DONE]\n\n").isEmpty());
    }
}
