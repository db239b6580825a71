package dev.hone.model;

import dev.hone.fetch.FetchException;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Stamp;
import dev.hone.model.KnownModel.Edition;
import dev.hone.record.EditDistance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Models by name or path. A name is one of {@link KnownModel#ALL}, fetched into the cache when it is first needed, from
 * the first of its editions that can be had; {@code name@edition} asks for one. A path is a Hugging Face folder or a .gguf
 * file.
 */
public final class ModelStore {
    private final FileCache cache;
    private final List<KnownModel> known;

    public ModelStore(FileCache cache) {
        this(cache, KnownModel.ALL);
    }

    ModelStore(FileCache cache, List<KnownModel> known) {
        this.cache = cache;
        this.known = List.copyOf(known);
    }

    /**
     * A known model and what is there of it.
     *
     * @param model which
     * @param cached the editions that are in the cache, complete and verified
     */
    public record Listing(KnownModel model, List<Edition> cached) {}

    /** The known models, the default first. Touches no network. */
    public List<Listing> list() throws IOException {
        List<Listing> listings = new ArrayList<>();
        for (KnownModel model : known) {
            List<Edition> cached = new ArrayList<>();
            for (Edition edition : model.editions()) {
                if (isCached(edition)) {
                    cached.add(edition);
                }
            }
            listings.add(new Listing(model, cached));
        }
        return listings;
    }

    /**
     * Fetches a known model unless it is in the cache.
     *
     * @return what {@link ModelFiles#open} and {@link ModelBundle#open} take
     * @throws UnknownModelException if no known model has the name
     * @throws FetchException if no edition can be had
     */
    public Path pull(String name, FetchListener listener) throws IOException {
        List<Edition> editions = editions(name);
        for (Edition edition : editions) {
            if (isCached(edition)) {
                return path(edition);
            }
        }
        List<String> failures = new ArrayList<>();
        FetchException last = null;
        for (Edition edition : editions) {
            try {
                if (last != null) {
                    listener.notice("Trying the edition [%s] of [%s] instead".formatted(edition.name(), name));
                }
                cache.fetch(edition.files(), listener);
                return path(edition);
            } catch (FetchException e) {
                failures.add(e.getMessage());
                last = e;
            }
        }
        throw new FetchException(
                "Cannot fetch the model [%s]:%n%s".formatted(name, String.join(System.lineSeparator(), failures)),
                last == null ? new FetchException("it has no editions") : last);
    }

    /**
     * The place of a model on this machine, fetched first when it is a known one that is missing.
     *
     * @param nameOrPath of a known model; or of a folder or .gguf file
     * @return what {@link ModelFiles#open} and {@link ModelBundle#open} take
     * @throws UnknownModelException if it is neither
     */
    public Path resolve(String nameOrPath, FetchListener listener) throws IOException {
        Optional<Path> local = local(nameOrPath);
        return local.isPresent() ? local.get() : pull(nameOrPath, listener);
    }

    /**
     * What is known about a model on this machine. Touches no network.
     *
     * @throws UnknownModelException if it is neither a known model nor a path
     * @throws FetchException if it is known but not in the cache
     */
    public ModelInfo info(String nameOrPath) throws IOException {
        Optional<Path> local = local(nameOrPath);
        if (local.isPresent()) {
            return ModelInfo.ofPath(local.get());
        }
        List<String> damaged = new ArrayList<>();
        for (Edition edition : editions(nameOrPath)) {
            for (PinnedFile file : edition.files()) {
                if (Files.exists(cache.path(file)) && cache.stamp(file).isEmpty()) {
                    damaged.add(cache.path(file).toString());
                }
            }
            if (isCached(edition)) {
                List<Stamp> stamps = new ArrayList<>();
                for (PinnedFile file : edition.files()) {
                    stamps.add(cache.stamp(file).orElseThrow());
                }
                KnownModel model = find(nameOrPath);
                return ModelInfo.ofKnown(model, edition, path(edition), stamps);
            }
        }
        String state = damaged.isEmpty() ? "is not on this machine" : "is damaged on this machine: " + damaged;
        throw new FetchException(
                "The model [%s] %s; fetch it with: hone model pull %s".formatted(nameOrPath, state, nameOrPath));
    }

    private Optional<Path> local(String nameOrPath) {
        if (known.stream().anyMatch(model -> model.name().equals(bare(nameOrPath)))) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(nameOrPath);
            return Files.exists(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean isCached(Edition edition) throws IOException {
        for (PinnedFile file : edition.files()) {
            if (cache.stamp(file).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Path path(Edition edition) {
        return cache.folder().resolve(edition.model());
    }

    private static String bare(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }

    private KnownModel find(String name) {
        String bare = bare(name);
        return known.stream()
                .filter(model -> model.name().equals(bare))
                .findFirst()
                .orElseThrow(() -> new UnknownModelException(
                        "No model [%s]%s Known are [%s]; a model folder or .gguf file will do too"
                                .formatted(name, suggestion(bare), names())));
    }

    private List<Edition> editions(String name) {
        KnownModel model = find(name);
        String bare = bare(name);
        if (bare.equals(name)) {
            return model.editions();
        }
        String wanted = name.substring(bare.length() + 1);
        List<Edition> editions = model.editions().stream()
                .filter(edition -> edition.name().equals(wanted))
                .toList();
        if (editions.isEmpty()) {
            throw new UnknownModelException("The model [%s] has no edition [%s]; it has [%s]"
                    .formatted(
                            bare,
                            wanted,
                            model.editions().stream().map(Edition::name).collect(Collectors.joining(", "))));
        }
        return editions;
    }

    private String names() {
        return known.stream().map(KnownModel::name).collect(Collectors.joining(", "));
    }

    private String suggestion(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String simple = lower.substring(lower.lastIndexOf('/') + 1);
        return known.stream()
                .map(KnownModel::name)
                .min(Comparator.comparingInt(candidate -> EditDistance.of(simple, candidate)))
                .filter(candidate -> EditDistance.of(simple, candidate) <= candidate.length() / 2)
                .map("; did you mean [%s]?"::formatted)
                .orElse(".");
    }
}
