package dev.hone.run;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.fetch.Hashes;
import dev.hone.model.ChatEncoder;
import dev.hone.model.ChatTemplate;
import dev.hone.model.ModelBundle;
import dev.hone.model.ModelConfig;
import dev.hone.model.ModelStore;
import dev.hone.model.Tokenizer;
import dev.hone.model.template.TemplateException;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SamplingMode;
import dev.hone.record.TokenizedChat;
import dev.hone.sample.BatchLimits;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.StoredModel;
import dev.hone.train.WorkerBatch;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A model by name or path: where its weights are, and what turns conversations into its tokens and back. */
public final class LoadedModel implements AutoCloseable {
    /** Fetched when nothing else is asked for. */
    public static final String DEFAULT = "smollm2-135m-instruct";

    private final Path weights;
    private final ModelConfig config;
    private final ModelBundle bundle;
    private final ChatTemplate template;
    private final ChatEncoder encoder;

    private LoadedModel(Path weights, ModelConfig config, ModelBundle bundle) {
        this.weights = weights;
        this.config = config;
        this.bundle = bundle;
        template = template(bundle);
        encoder = new ChatEncoder(template, bundle.tokenizer());
    }

    /**
     * Finds a model, fetching a known one the first time.
     *
     * @param reference name of a known model, a Hugging Face folder, a .gguf file, or the folder of a finished run
     * @throws dev.hone.model.UnknownModelException if it is none of these
     * @throws dev.hone.tensor.ModelFileException if it is damaged or not supported
     * @throws IllegalArgumentException if it is not made for chat, or the run is not finished
     */
    public static LoadedModel open(String reference, FetchListener listener) throws IOException {
        Path path = new ModelStore(FileCache.standard())
                .resolve(reference, listener)
                .toAbsolutePath()
                .normalize();
        if (Files.isDirectory(path.resolve(RunFolder.CHECKPOINTS)) && !Files.exists(path.resolve(Manifest.FILE))) {
            throw new IllegalArgumentException(
                    "The run in [%s] is not finished: go on with hone train --resume --out %s"
                            .formatted(path, reference));
        }
        ModelConfig config = StoredModel.config(path);
        ModelBundle bundle = ModelBundle.open(path);
        try {
            bundle.requireFits(config);
            return new LoadedModel(path, config, bundle);
        } catch (RuntimeException | Error e) {
            bundle.close();
            throw e;
        }
    }

    private static ChatTemplate template(ModelBundle bundle) {
        String source = bundle.chatTemplate();
        if (source == null) {
            throw new IllegalArgumentException(
                    "[%s] has no chat template: take a model made for chat, or put a [chat_template.jinja] beside its weights"
                            .formatted(bundle.path()));
        }
        return new ChatTemplate(source, bundle.bosToken(), bundle.eosToken());
    }

    /** What a worker opens. */
    public Path weights() {
        return weights;
    }

    /**
     * SHA-256 of the weights: of the GGUF file, or over the hashes of a folder's safetensors files and, if it is the result of
     * a run, its manifest, which names the base model's.
     */
    String hash() {
        return hash(weights);
    }

    /** As {@link #hash()}, of what {@link #open} would find there. */
    static String hash(Path weights) {
        try {
            if (!Files.isDirectory(weights)) {
                return Hashes.sha256(weights);
            }
            List<Path> files;
            try (Stream<Path> inside = Files.list(weights)) {
                files = inside.filter(LoadedModel::decidesWeights).sorted().toList();
            }
            MessageDigest digest = Hashes.sha256();
            for (Path file : files) {
                digest.update(Hashes.sha256(file).getBytes(StandardCharsets.US_ASCII));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean decidesWeights(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".safetensors") || name.equals(Manifest.FILE);
    }

    public ModelConfig config() {
        return config;
    }

    public Tokenizer tokenizer() {
        return bundle.tokenizer();
    }

    /** Ids after which an answer is complete. */
    public List<Integer> endTokens() {
        return List.copyOf(bundle.endTokenIds());
    }

    /**
     * A demonstration as tokens with its loss mask.
     *
     * @throws IllegalArgumentException when the chat template refuses it, or nothing of it can be trained
     */
    public TokenizedChat demonstration(Conversation conversation) {
        try {
            return encoder.training(conversation);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * A conversation as tokens, ready for the assistant's next turn.
     *
     * @throws IllegalArgumentException when the chat template refuses it
     */
    public int[] prompt(Conversation conversation) {
        try {
            return encoder.prompt(conversation);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Whether the chat template speaks of something, such as {@code tools}. */
    public boolean templateMentions(String name) {
        return template.source().contains(name);
    }

    /** The text of an answer, without the token that ended it. */
    public String text(Sample sample) {
        int[] tokens = sample.tokens();
        boolean ended = tokens.length > 0 && bundle.endTokenIds().contains(tokens[tokens.length - 1]);
        return bundle.tokenizer().decode(ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens, true);
    }

    /**
     * Starts a worker that generates with this model.
     *
     * @param rows samples in flight at once
     * @param positions of the longest, prompt and answer
     * @throws IllegalArgumentException when they will not fit into memory
     */
    public WorkerSnapshot sampler(SamplingMode mode, int rows, int positions) {
        requireMemory(mode, rows, positions, Machine.availableMemoryBytes());
        return WorkerSnapshot.open(weights, mode);
    }

    /**
     * Starts a worker that answers many requests together.
     *
     * @see #batchLimits
     */
    public WorkerBatch batch(SamplingMode mode, BatchLimits limits) {
        return WorkerBatch.open(weights, mode, limits);
    }

    /**
     * What a batch may hold in the memory that is available: as many positions as all its rows can have, or what three
     * quarters of the memory hold.
     *
     * @param rows samples in flight at once
     * @param context positions of the longest, prompt and answer
     * @throws IllegalArgumentException when one of that length will not fit
     */
    public BatchLimits batchLimits(SamplingMode mode, int rows, int context) {
        long available = Machine.availableMemoryBytes();
        long entry = 2L * config.layers() * config.keyValueWidth() * Float.BYTES;
        long fitting = (available / 4 * 3 - MemoryEstimate.sampling(config, mode, rows, 1)) / entry;
        if (fitting < context) {
            throw new IllegalArgumentException(
                    "[%s] needs about [%d MiB] of memory for an answer of [%d] positions, and [%d MiB] are available: give a smaller --context, end other programs, or take a smaller model"
                            .formatted(weights, (samplingBytes(mode, 1, context)) >> 20, context, available >> 20));
        }
        return new BatchLimits(rows, Math.min(fitting, (long) rows * context));
    }

    void requireMemory(SamplingMode mode, int rows, int positions, long available) {
        long needed = samplingBytes(mode, rows, positions);
        if (needed > available) {
            throw new IllegalArgumentException(
                    "Generating with [%s] needs about [%d MiB] of memory and [%d MiB] are available: end other programs, or take a smaller model"
                            .formatted(weights, needed >> 20, available >> 20));
        }
    }

    /** Memory that generating needs, about. */
    long samplingBytes(SamplingMode mode, int rows, int positions) {
        int atOnce = Math.min(rows, WorkerSnapshot.MOST_ROWS);
        return MemoryEstimate.sampling(config, mode, atOnce, Math.min(positions, config.maxPositions()));
    }

    /** Puts tokenizer, chat template and generation settings beside weights made from this model. */
    void writeCompanions(Path folder) {
        bundle.writeCompanions(folder);
    }

    @Override
    public void close() {
        bundle.close();
    }
}
