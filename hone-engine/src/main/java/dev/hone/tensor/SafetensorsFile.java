package dev.hone.tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A safetensors file, or several with an index, as Hugging Face's library writes them. Format:
 * <a href="https://github.com/huggingface/safetensors#format">safetensors' README</a>.
 *
 * <p>Headers are checked whole when a file is opened: sizes, names, types, shapes, and that the tensors are exactly the
 * bytes behind the header.
 */
public final class SafetensorsFile implements TensorFile {

    private final Path path;
    private final List<MappedFile> files;
    private final Map<String, String> metadata;
    private final SequencedMap<String, StoredTensor> tensors;

    private SafetensorsFile(
            Path path,
            List<MappedFile> files,
            Map<String, String> metadata,
            SequencedMap<String, StoredTensor> tensors) {
        this.path = path;
        this.files = List.copyOf(files);
        this.metadata = Map.copyOf(metadata);
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
    }

    /**
     * Maps one file and reads its header.
     *
     * @throws ModelFileException if it cannot be read, is malformed, or has a tensor of an unsupported type
     */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            SafetensorsHeader header = SafetensorsHeader.read(path, file.bytes());
            return new SafetensorsFile(path, List.of(file), header.metadata(), header.tensors());
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Maps all files that an index ({@code model.safetensors.index.json}) names.
     *
     * @throws ModelFileException as {@link #open}, or if index and files disagree
     */
    public static SafetensorsFile openSharded(Path index) {
        Map<String, String> shardOf = shards(index);
        Set<String> names = new LinkedHashSet<>(shardOf.values());
        List<MappedFile> files = new ArrayList<>();
        try {
            SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (String name : names) {
                MappedFile file = MappedFile.open(index.resolveSibling(name));
                files.add(file);
                for (StoredTensor tensor : SafetensorsHeader.read(file.path(), file.bytes())
                        .tensors()
                        .values()) {
                    if (!name.equals(shardOf.get(tensor.name()))) {
                        throw disagree(
                                index,
                                "does not place tensor [%s] in [%s], which has it".formatted(tensor.name(), name));
                    }
                    tensors.put(tensor.name(), tensor);
                }
            }
            shardOf.forEach((tensor, name) -> {
                if (!tensors.containsKey(tensor)) {
                    throw disagree(index, "places tensor [%s] in [%s], which lacks it".formatted(tensor, name));
                }
            });
            return new SafetensorsFile(index, files, Map.of(), tensors);
        } catch (RuntimeException | Error e) {
            files.forEach(MappedFile::close);
            throw e;
        }
    }

    private static Map<String, String> shards(Path index) {
        JsonNode map = StrictJson.read(index).path("weight_map");
        if (!map.isObject()) {
            throw disagree(index, "has no [weight_map]");
        }
        Map<String, String> shards = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : map.properties()) {
            String name = property.getValue().isString() ? property.getValue().stringValue() : "";
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors")) {
                throw disagree(
                        index,
                        "places tensor [%s] in [%s], which is not the name of a safetensors file"
                                .formatted(property.getKey(), property.getValue()));
            }
            shards.put(property.getKey(), name);
        }
        return shards;
    }

    private static ModelFileException disagree(Path index, String problem) {
        return new ModelFileException(index, problem, "download the model again");
    }

    @Override
    public Path path() {
        return path;
    }

    /** Free-form strings of a single file's header; empty for several. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public SequencedMap<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }
}
