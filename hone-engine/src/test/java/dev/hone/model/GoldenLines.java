package dev.hone.model;

import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.GgufValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code goldens/tokenizer/make.py} wrote: a head, then lines with their ids. */
record GoldenLines(JsonNode head, List<JsonNode> lines) {

    static GoldenLines read(InputStream stream) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(stream), StandardCharsets.UTF_8))) {
            List<JsonNode> rows = reader.lines()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .toList();
            return new GoldenLines(rows.getFirst(), rows.subList(1, rows.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoldenLines small() {
        InputStream stream = GoldenLines.class.getResourceAsStream("tokenizer.jsonl.gz");
        if (stream == null) {
            throw new AssertionError("no tokenizer.jsonl.gz among the test resources");
        }
        return read(stream);
    }

    /** The vocabulary in the head, as a GGUF file with this pre-tokenizer would have it. */
    GgufMetadata metadata(String pre) {
        SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
        values.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
        values.put("tokenizer.ggml.pre", new GgufValue.Text(pre));
        values.put("tokenizer.ggml.tokens", texts(head.path("tokens")));
        values.put("tokenizer.ggml.merges", texts(head.path("merges")));
        values.put(
                "tokenizer.ggml.token_type",
                new GgufValue.Array(StreamSupport.stream(head.path("types").spliterator(), false)
                        .<GgufValue>map(type -> new GgufValue.Whole(type.asInt()))
                        .toList()));
        return new GgufMetadata(Path.of("small.gguf"), values);
    }

    Tokenizer tokenizer(String pre) {
        return Tokenizer.parse(GgufTokenizer.toJson(metadata(pre)), Path.of("small.gguf"));
    }

    static GgufValue texts(Iterable<JsonNode> nodes) {
        return new GgufValue.Array(StreamSupport.stream(nodes.spliterator(), false)
                .<GgufValue>map(node -> new GgufValue.Text(node.asString()))
                .toList());
    }

    static int[] ids(JsonNode line) {
        return StreamSupport.stream(line.path("ids").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
