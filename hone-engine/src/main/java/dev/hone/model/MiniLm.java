package dev.hone.model;

import dev.hone.record.Embedder;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;

/** Embeddings of 384 numbers by all-MiniLM-L6-v2 in int8, which is part of its library: nothing is fetched. */
public final class MiniLm implements Embedder {
    private final EmbeddingModel model;

    public MiniLm() {
        NativeTokenizers.load();
        model = new AllMiniLmL6V2QuantizedEmbeddingModel();
    }

    /** A blank text, which the library refuses, has the vector of a full stop. */
    @Override
    public float[] embed(String text) {
        return model.embed(text.isBlank() ? "." : text).content().vector();
    }
}
