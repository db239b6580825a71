package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.promote.Gates;
import dev.hone.promote.Promotion;
import dev.hone.record.SamplingMode;
import dev.hone.store.Database;
import dev.hone.store.UseCases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the loop of a use case together, of its charter and the store. */
public final class LoopWiring {
    /** Who begins a round that no person begins. */
    public static final String SERVE = "hone serve";

    private LoopWiring() {}

    /**
     * The rounds of a use case.
     *
     * @param home where Hone keeps things
     * @param project whose; null for the only one that has it, or else that of the charter
     */
    public static Rounds rounds(Database database, Path home, Charter charter, @Nullable String project) {
        String whose = project(database, charter, project);
        return new Rounds(database, home, charter, whose, new StoreLaunch(database), InstantSource.system());
    }

    /** The project of a charter's use case. */
    static String project(Database database, Charter charter, @Nullable String project) {
        if (project != null) {
            return project;
        }
        return charter.serving() != null
                ? charter.serving().project()
                : new UseCases(database).project(charter.name(), null);
    }

    /** Between the beginnings of two rounds that no person begins. */
    public static @Nullable Duration coolDown(Charter charter) {
        return charter.improving().coolDown();
    }

    /** A round that no person begins, as far as its charter decides. */
    public static Rounds.Order unattended(Charter charter) {
        return new Rounds.Order("a trigger", SERVE, false, false, 1, coolDown(charter), charter.loop(), null, true);
    }

    /** In which a version of a charter's use case would be served. */
    static SamplingMode mode(Charter charter) {
        Promotion promotion = charter.promotion();
        return promotion == null ? SamplingMode.EXACT : promotion.computed().mode();
    }

    /** Of how many answers that a version draws it gives the most probable; 0 where it draws none. */
    static int drawn(Charter charter) {
        Promotion promotion = charter.promotion();
        int bestOf = promotion == null ? 1 : promotion.computed().bestOf();
        return bestOf == 1 ? 0 : bestOf;
    }

    /** The sets of earlier tasks that the gates of a charter name. */
    static List<String> retention(Charter charter) {
        Gates gates = charter.gates();
        return gates == null ? List.of() : gates.retention();
    }
}
