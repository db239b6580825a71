package dev.hone.improve;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a loop should start. */
public sealed interface Trigger {
    /** In words. */
    String words();

    /** Whether it starts a loop by itself. */
    default boolean starts() {
        return true;
    }

    /**
     * Production is not what it was.
     *
     * @param changes what has drifted
     * @param labels new ones, without enough of which a loop would learn nothing of the change
     */
    record Drifted(List<String> changes, int labels, int wanted) implements Trigger {
        public Drifted {
            changes = List.copyOf(changes);
        }

        @Override
        public String words() {
            return "production has drifted: " + String.join("; ", changes);
        }

        @Override
        public boolean starts() {
            return labels >= wanted;
        }
    }

    /** Experts have said enough that no dataset has yet. */
    record Labelled(int labels, int wanted) implements Trigger {
        @Override
        public String words() {
            return "%d new labels, of which %d start a loop".formatted(labels, wanted);
        }
    }

    /** It is time. @param last when the last began, or where there was none when the first label came */
    record Scheduled(Instant last, Duration schedule) implements Trigger {
        @Override
        public String words() {
            return "the last loop, or without one the first label, was at %s, and one begins every %s"
                    .formatted(last, ImproveReader.text(schedule));
        }
    }

    /**
     * All that decides.
     *
     * @param changes what has drifted since the last loop
     * @param labels right answers, new since the last dataset
     * @param labelled when the first of them came; null where there is none
     * @param last when the last loop began, or the last dataset was made; null where there was none
     * @param running whether a loop goes on
     */
    record State(
            List<String> changes,
            int labels,
            @Nullable Instant labelled,
            @Nullable Instant last,
            boolean running) {
        public State {
            changes = List.copyOf(changes);
        }
    }

    /**
     * What follows.
     *
     * @param start whether a loop should start now
     * @param triggers why
     * @param against why not, all the same; empty where nothing is against it
     */
    record Decision(boolean start, List<Trigger> triggers, List<String> against) {
        public Decision {
            triggers = List.copyOf(triggers);
            against = List.copyOf(against);
        }

        /** In words. */
        public List<String> reasons() {
            return triggers.stream().map(Trigger::words).toList();
        }
    }

    /** A pure function of the state, the charter and the time. */
    static Decision decide(State state, Improving improving, Instant now) {
        List<Trigger> triggers = new ArrayList<>();
        if (!state.changes().isEmpty()) {
            triggers.add(new Drifted(state.changes(), state.labels(), improving.afterDrift()));
        }
        if (state.labels() >= improving.labels()) {
            triggers.add(new Labelled(state.labels(), improving.labels()));
        }
        Instant last = state.last();
        Duration schedule = improving.schedule();
        Instant since = last == null ? state.labelled() : last;
        if (schedule != null && since != null && !now.isBefore(since.plus(schedule))) {
            triggers.add(new Scheduled(since, schedule));
        }
        List<String> against = new ArrayList<>();
        if (state.running()) {
            against.add("a loop of this use case goes on");
        }
        if (last != null && now.isBefore(last.plus(improving.coolDown()))) {
            against.add("the last one began at %s, and the cool-down ends at %s"
                    .formatted(last, last.plus(improving.coolDown())));
        }
        if (state.labels() == 0) {
            against.add("nobody has labelled anything since the last dataset: a loop would learn the same again");
        }
        boolean starts = triggers.stream().anyMatch(Trigger::starts);
        if (!starts && !triggers.isEmpty() && state.labels() > 0) {
            against.add("of the %d new labels that a loop after drift takes [%d] are there"
                    .formatted(improving.afterDrift(), state.labels()));
        }
        return new Decision(starts && against.isEmpty(), triggers, against);
    }
}
