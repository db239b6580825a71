package dev.hone.serve;

import dev.hone.api.ModelServer;
import dev.hone.api.ServerOptions;
import dev.hone.capture.OwnModel;
import dev.hone.run.LoadedModel;
import dev.hone.run.Taught;
import dev.hone.store.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The models of Hone's own, each with a worker process, opened one after the other while calls are already taken; one that cannot be is tried again. */
final class OwnModels implements AutoCloseable {
    /** At the start, when the database has not answered yet; each is twice as long as the one before. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private static final Duration MOST_PAUSE = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final List<OwnModel> models;
    private final OwnPlaces places;
    private final Opening opening;
    private final Supplier<Database> database;
    private final Consumer<String> notices;
    private final Map<String, ModelServer> servers = new ConcurrentHashMap<>();
    private final List<LoadedModel> loaded = new ArrayList<>();
    private final Map<String, String> told = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile int tried;

    /** Finds a model, perhaps fetching it. */
    public interface Opening {
        /** @param database where versions are found; throws as long as it has not answered */
        LoadedModel open(String version, Supplier<Database> database) throws IOException;
    }

    OwnModels(
            List<OwnModel> models,
            OwnPlaces places,
            Opening opening,
            Supplier<Database> database,
            Consumer<String> notices) {
        this.models = models;
        this.places = places;
        this.opening = opening;
        this.database = database;
        this.notices = notices;
        this.thread = Thread.ofPlatform().name("hone-own-models").daemon().start(this::run);
    }

    private void run() {
        Duration pause = LEAST_PAUSE;
        try {
            while (true) {
                for (OwnModel model : models) {
                    if (closing.getCount() > 0 && !servers.containsKey(model.name())) {
                        open(model);
                    }
                }
                tried = models.size();
                if (servers.size() == models.size() || closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(MOST_PAUSE) < 0 ? pause.multipliedBy(2) : MOST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(OwnModel model) {
        LoadedModel found = null;
        try {
            found = opening.open(model.version(), database);
            ServerOptions options = new ServerOptions(
                    "127.0.0.1",
                    places.take(model.name()),
                    model.name(),
                    model.mode(),
                    Taught.of(found.weights()),
                    model.bestOf(),
                    model.rows(),
                    ServerOptions.QUEUE,
                    Math.min(found.config().maxPositions(), ServerOptions.CONTEXT),
                    DRAIN,
                    places.key(model.name()));
            servers.put(model.name(), ModelServer.open(options, found, notices));
            loaded.add(found);
            notices.accept("The model [%s] answers, from [%s]".formatted(model.name(), model.version()));
        } catch (IOException | RuntimeException e) {
            places.hold(model.name());
            String said = "The model [%s] of [%s] cannot be served, and is tried again: %s"
                    .formatted(model.name(), model.version(), e.getMessage());
            if (!said.equals(told.put(model.name(), said))) {
                notices.accept(said);
            }
            if (found != null) {
                found.close();
            }
        }
    }

    /** A model that has not been tried yet; null when all have. */
    @Nullable
    String loading() {
        return tried >= models.size()
                ? null
                : models.stream()
                        .map(OwnModel::name)
                        .filter(name -> !servers.containsKey(name))
                        .findFirst()
                        .orElse(null);
    }

    /** Whether a model answers. */
    boolean answers(String model) {
        return servers.containsKey(model);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        servers.values().forEach(ModelServer::close);
        loaded.forEach(LoadedModel::close);
    }
}
