package dev.hone.tensor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SequencedMap;

/**
 * A GGUF file of version 2 or 3, little-endian, as llama.cpp writes them: metadata, then tensors. Format:
 * <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">ggml's gguf.md</a>.
 *
 * <p>The header is checked whole when the file is opened: counts, lengths, names, types, shapes, alignment, and that no
 * tensor leaves the file or overlaps another.
 */
public final class GgufFile implements TensorFile {

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final SequencedMap<String, StoredTensor> tensors;

    private GgufFile(MappedFile file, GgufMetadata metadata, SequencedMap<String, StoredTensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws ModelFileException if it cannot be read, is not GGUF, is malformed, or has a tensor of an unsupported type
     */
    public static GgufFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            GgufHeader header = GgufHeader.read(path, file.bytes());
            return new GgufFile(file, header.metadata(), header.tensors());
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    /** The key-value pairs of the header. */
    public GgufMetadata metadata() {
        return metadata;
    }

    @Override
    public SequencedMap<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        file.close();
    }
}
