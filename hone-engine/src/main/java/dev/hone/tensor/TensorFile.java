package dev.hone.tensor;

import java.nio.file.Path;
import java.util.SequencedMap;

/** Named tensors on disk, mapped into memory: what all formats have in common. Closing unmaps all of its tensors. */
public sealed interface TensorFile extends AutoCloseable permits GgufFile, SafetensorsFile {

    /** The file, or the index of several. */
    Path path();

    /** All tensors by name, in the order of the file. */
    SequencedMap<String, StoredTensor> tensors();

    /**
     * One tensor.
     *
     * @throws ModelFileException if there is none of that name
     */
    default StoredTensor tensor(String name) {
        StoredTensor tensor = tensors().get(name);
        if (tensor == null) {
            throw new ModelFileException(path(), "has no tensor [" + name + "]", "download or convert the model again");
        }
        return tensor;
    }

    @Override
    void close();
}
