package dev.hone.model;

import dev.hone.fetch.Hashes;
import dev.hone.fetch.Stamp;
import dev.hone.model.KnownModel.Edition;
import dev.hone.tensor.GgufFile;
import dev.hone.tensor.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Facts about a model on this machine, for {@code hone model info}.
 *
 * @param name of a known model, or of the folder or file
 * @param path folder or .gguf file
 * @param config shape
 * @param bytes of all files
 * @param licence SPDX identifier, or what the file says; empty when nothing does
 * @param hasChatTemplate whether it is made for chat
 * @param vocabulary ids that the tokenizer knows; the embedding may have more rows
 * @param endTokens tokens after which generation stops
 * @param files each with its hash and origin
 */
public record ModelInfo(
        String name,
        Path path,
        ModelConfig config,
        long bytes,
        String licence,
        boolean hasChatTemplate,
        int vocabulary,
        List<String> endTokens,
        List<StoredFile> files) {

    public ModelInfo {
        endTokens = List.copyOf(endTokens);
        files = List.copyOf(files);
    }

    /**
     * A file of the model.
     *
     * @param name relative to the model's folder
     * @param bytes size
     * @param sha256 of the content
     * @param origin where it came from
     */
    public record StoredFile(String name, long bytes, String sha256, String origin) {}

    static ModelInfo ofKnown(KnownModel model, Edition edition, Path path, List<Stamp> stamps) {
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < stamps.size(); i++) {
            String file = edition.files().get(i).name();
            Stamp stamp = stamps.get(i);
            files.add(new StoredFile(
                    file.substring(file.lastIndexOf('/') + 1), stamp.size(), stamp.sha256(), stamp.origin()));
        }
        return read(model.name() + "@" + edition.name(), path, model.licence(), files);
    }

    static ModelInfo ofPath(Path path) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (Path file : contents(path)) {
            files.add(new StoredFile(
                    String.valueOf(file.getFileName()), Files.size(file), Hashes.sha256(file), "this machine"));
        }
        return read(String.valueOf(path.getFileName()), path, licence(path), files);
    }

    private static List<Path> contents(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().matches(".*\\.(json|safetensors|jinja)"))
                    .sorted()
                    .toList();
        }
    }

    private static String licence(Path path) {
        if (Files.isDirectory(path)) {
            return "";
        }
        try (GgufFile file = GgufFile.open(path)) {
            GgufMetadata metadata = file.metadata();
            return metadata.has("general.license") ? metadata.text("general.license") : "";
        }
    }

    private static ModelInfo read(String name, Path path, String licence, List<StoredFile> files) {
        try (ModelFiles model = ModelFiles.open(path);
                ModelBundle bundle = ModelBundle.open(path)) {
            bundle.requireFits(model.config());
            return new ModelInfo(
                    name,
                    path,
                    model.config(),
                    files.stream().mapToLong(StoredFile::bytes).sum(),
                    licence,
                    bundle.chatTemplate() != null,
                    bundle.tokenizer().vocabularySize(),
                    tokens(bundle.tokenizer(), bundle.endTokenIds()),
                    files);
        }
    }

    private static List<String> tokens(Tokenizer tokenizer, SortedSet<Integer> ids) {
        return ids.stream().map(id -> String.valueOf(tokenizer.token(id))).toList();
    }
}
