package dev.hone.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link MockUpstream} says to one request. Made once, said often.
 *
 * @param pieces one after the other
 * @param end what comes after the last
 */
record Answer(List<Piece> pieces, End end) {
    /** Bytes on the wire, so long after the piece before. */
    record Piece(Duration after, byte[] bytes) {}

    enum End {
        /** The connection takes the next request. */
        KEEP,
        /** The connection ends in order. */
        CLOSE,
        /** The connection is reset. */
        RESET,
        /** Nothing happens any more. */
        SILENCE
    }

    Answer {
        pieces = List.copyOf(pieces);
    }

    static Answer whole(int status, String type, String body) {
        return later(Duration.ZERO, status, type, body);
    }

    static Answer later(Duration after, int status, String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return raw(
                after,
                "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, type, bytes.length, body),
                End.KEEP);
    }

    /** These very bytes, and what comes then. */
    static Answer raw(Duration after, String text, End end) {
        return new Answer(List.of(new Piece(after, text.getBytes(StandardCharsets.UTF_8))), end);
    }

    static Answer silence() {
        return new Answer(List.of(), End.SILENCE);
    }

    static Answer reset() {
        return new Answer(List.of(), End.RESET);
    }

    /** A chat completion of about a kilobyte, as an API answers it. */
    static String chat() {
        String text = "The order left the warehouse this morning and should be with you on Thursday. ".repeat(7);
        return "{\"id\":\"chatcmpl-AbCdEf0123456789\",\"object\":\"chat.completion\",\"created\":1764100000,\"model\":\"mock-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":212,\"completion_tokens\":118,\"total_tokens\":330,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0}},\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\"}"
                .formatted(text);
    }

    /** A streamed chat completion: so many words, one an interval, usage, and the line that ends it. */
    static Answer events(int words, Duration interval) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(
                Duration.ZERO,
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII)));
        for (int i = 0; i < words; i++) {
            pieces.add(new Piece(
                    interval,
                    chunk(
                            "data: {\"id\":\"chatcmpl-AbCdEf0123456789\",\"object\":\"chat.completion.chunk\",\"created\":1764100000,\"model\":\"mock-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word%d\"},\"finish_reason\":null}]}\n\n"
                                    .formatted(i))));
        }
        pieces.add(new Piece(
                Duration.ZERO,
                chunk(
                        "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":212,\"completion_tokens\":%d}}\n\n"
                                .formatted(words))));
        pieces.add(new Piece(Duration.ZERO, chunk("data: [DONE]\n\n")));
        pieces.add(new Piece(Duration.ZERO, "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        return new Answer(pieces, End.KEEP);
    }

    static byte[] chunk(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "%x\r\n%s\r\n".formatted(bytes.length, text).getBytes(StandardCharsets.UTF_8);
    }
}
