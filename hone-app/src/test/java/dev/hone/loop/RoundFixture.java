package dev.hone.loop;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.run.TinyChatModel;
import dev.hone.store.Database;
import dev.hone.store.SharedDatabase;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Rounds of a tiny model in a home of their own. */
final class RoundFixture {
    static final String LOOP = "loop: {model: 'MODEL', epochs: 2, least-tasks: 10}\n";
    static final String GATES = "gates: {sample-size: 5}\n";

    private final Database database = SharedDatabase.database();
    private final Path folder;
    private final Path model;

    RoundFixture(Path folder) throws IOException {
        this.folder = folder;
        this.model = TinyChatModel.write(folder.resolve("tiny"), 512);
    }

    /** As by {@code kill -9}, but for what {@code finally} does. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Hears of each moment by a name of its own: what begins, is made and is finished, each step of a training, and each answer. */
    static RoundListener at(Consumer<String> moments) {
        return at(moments, stage -> {});
    }

    private static RoundListener at(Consumer<String> moments, Consumer<String> stages) {
        return new RoundListener() {
            @Override
            public void begins(RoundStep step) {
                moments.accept("begins " + step);
            }

            @Override
            public void made(RoundStep step) {
                moments.accept("made " + step);
            }

            @Override
            public void finished(RoundStep step, Record result, double seconds) {
                moments.accept("finished " + step);
            }

            @Override
            public void stage(String name) {
                stages.accept(name);
            }

            @Override
            public void answered(String contender, int done, int total) {
                moments.accept("answered " + contender + " " + done);
            }

            @Override
            public void stepped(SftListener.Step step) {
                moments.accept("stepped " + step.step());
            }

            @Override
            public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}
        };
    }

    /**
     * What was made, and how often: rows of a use case, and the steps of its rounds.
     *
     * @param useCase its id, in SQL
     */
    static List<String> made(Database database, String useCase) {
        List<String> made = new ArrayList<>();
        for (String table : List.of(
                "dataset",
                "run",
                "model_version",
                "evaluation",
                "gate_verdict",
                "rollout",
                "loop_round",
                "alias_change")) {
            made.add(table + " "
                    + StoreFixture.texts(
                            database,
                            "SELECT count(*)::text FROM %s x WHERE x.use_case = %s".formatted(table, useCase)));
        }
        made.addAll(StoreFixture.texts(
                database,
                "SELECT s.step FROM loop_step s JOIN loop_round r ON r.id = s.round WHERE r.use_case = %s ORDER BY 1"
                        .formatted(useCase)));
        return made;
    }

    /** Dies at a moment. */
    static RoundListener killedAt(String moment) {
        return at(now -> {
            if (now.equals(moment)) {
                throw new Killed();
            }
        });
    }

    /** Dies at a moment, and keeps what it was told until then. */
    static RoundListener telling(List<String> stages, String moment) {
        return at(
                now -> {
                    if (now.equals(moment)) {
                        throw new Killed();
                    }
                },
                stages::add);
    }

    static RoundListener silent() {
        return at(moment -> {});
    }

    Database database() {
        return database;
    }

    Path home() {
        return folder.resolve("home");
    }

    UUID id(String useCase) {
        return new UseCases(database).require(useCase);
    }

    Charter charter(String name, String more) throws IOException {
        return Letters.read(folder.resolve("use-cases"), name, model, more);
    }

    Rounds rounds(Charter charter) {
        return rounds(charter, home());
    }

    Rounds rounds(Charter charter, Path home) {
        return LoopWiring.rounds(database, home, charter, null);
    }

    static Rounds.Order order(Charter charter, boolean byHand) {
        return new Rounds.Order(
                "test",
                byHand ? "ada" : "hone serve",
                byHand,
                false,
                1,
                Duration.ofHours(24),
                charter.loop(),
                Precision.FP32,
                true);
    }

    Rounds.Result run(Charter charter, RoundListener listener) throws IOException {
        return rounds(charter).run(order(charter, true), listener, () -> false);
    }
}
