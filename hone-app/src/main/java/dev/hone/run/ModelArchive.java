package dev.hone.run;

import dev.hone.fetch.Hashes;
import dev.hone.run.Artifacts.Content;
import dev.hone.tensor.ModelFileException;
import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies models into {@link Artifacts}, with all that they stand on: adapters name the artifact below them, which may be adapters
 * again, down to the base model. What the hash of the uppermost is over fixes the whole chain.
 */
final class ModelArchive {
    /** Files that a model is opened with, beside its tensors. */
    private static final Set<String> COMPANIONS = Set.of(
            StoredModel.ADAPTER_CONFIG,
            "config.json",
            "model.safetensors.index.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            CallExamples.FILE,
            Manifest.FILE);

    private static final int MOST_BELOW = 8;

    private final Artifacts artifacts;

    ModelArchive(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /**
     * Keeps a model.
     *
     * @param model a folder or a .gguf file
     * @return the hash of its artifact
     * @throws ModelFileException when something that it stands on is missing
     * @throws IllegalArgumentException when something that it stands on is not what it was trained on
     */
    String keep(Path model) throws IOException {
        return keep(model, MOST_BELOW);
    }

    private String keep(Path model, int below) throws IOException {
        Optional<String> kept = artifacts.hash(model);
        if (kept.isPresent()) {
            artifacts.keepOn(kept.get());
            return kept.get();
        }
        if (below < 0) {
            throw new ModelFileException(
                    model,
                    "stands on more than [%d] others".formatted(MOST_BELOW),
                    "merge some of them, or train from the base model");
        }
        SortedMap<String, Content> files = files(model);
        Optional<Path> base = StoredModel.below(model);
        if (base.isPresent()) {
            requireTrainedOn(model, base.get());
            String place = place(base.get(), keep(base.get(), below - 1));
            files.put(
                    StoredModel.ADAPTER_CONFIG,
                    new Content.Text(new String(StoredModel.configuration(model, place), StandardCharsets.UTF_8)));
        }
        return artifacts.keep(files);
    }

    /** As it is seen from the artifact above. */
    private static String place(Path base, String hash) {
        return "../" + hash + (Files.isDirectory(base) ? "" : "/" + base.getFileName());
    }

    private static SortedMap<String, Content> files(Path model) throws IOException {
        List<Path> files;
        if (Files.isDirectory(model)) {
            try (Stream<Path> inside = Files.list(model)) {
                files = inside.filter(ModelArchive::isOfModel).toList();
            }
        } else {
            files = List.of(model);
        }
        SortedMap<String, Content> contents = new TreeMap<>();
        files.forEach(file -> contents.put(file.getFileName().toString(), new Content.Copy(file)));
        return contents;
    }

    private static boolean isOfModel(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".safetensors") || COMPANIONS.contains(name));
    }

    private static void requireTrainedOn(Path model, Path base) throws IOException {
        String expected = Manifest.read(model).map(Manifest::modelHash).orElse("");
        String found = expected.isEmpty() ? "" : LoadedModel.hash(base);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    "[%s] was trained on weights with the hash [%s], and [%s] has [%s] now: restore it, or train anew"
                            .formatted(model, Hashes.shortened(expected), base, Hashes.shortened(found)));
        }
    }
}
