package dev.hone.cli;

import dev.hone.run.LoopStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a demo: which of them is on, how long those before it took, and how long everything that is left will take, about. Of the
 * stage that is on that is told by its pace where it has one, and else by the plan; of later ones by the plan; before there is a plan, by the
 * time that the demo was given.
 */
final class DemoCourse {
    private final LongSupplier nanoTime;
    private final Duration budget;
    private final Map<LoopStage, Long> taken = new EnumMap<>(LoopStage.class);
    private Map<LoopStage, Duration> expected = Map.of();
    private @Nullable LoopStage on;
    private long begunAt;
    private long foldBegunAt;
    private int laterFolds;

    /** @param budget of a fold, for everything after the downloads */
    DemoCourse(Duration budget, LongSupplier nanoTime) {
        this.budget = budget;
        this.nanoTime = nanoTime;
    }

    /** One of several folds begins, each with stages of its own. */
    void fold(int fold, int folds) {
        laterFolds = folds - 1 - fold;
        taken.clear();
        expected = Map.of();
        on = null;
    }

    void begin(LoopStage stage) {
        long now = nanoTime.getAsLong();
        if (on != null) {
            taken.merge(on, now - begunAt, Long::sum);
        }
        if (stage == LoopStage.PREPARING) {
            foldBegunAt = now;
        }
        on = stage;
        begunAt = now;
    }

    /** How long stages take, about; those that are not named are none of this demo's. */
    void expect(Map<LoopStage, Duration> durations) {
        expected = Map.copyOf(durations);
    }

    /** Whether a stage is on. */
    boolean isOn() {
        return on != null;
    }

    /** All stages in a line, with the one that is on in brackets. */
    String line() {
        List<String> stages = new ArrayList<>();
        for (LoopStage stage : LoopStage.values()) {
            Long time = taken.get(stage);
            if (stage == on) {
                stages.add("[" + stage.label() + about(stage) + "]");
            } else if (time != null) {
                stages.add(stage.label() + " " + Progress.format(time));
            } else if (on != null && stage.compareTo(on) > 0 && isPlanned(stage)) {
                stages.add(stage.label() + about(stage));
            }
        }
        return String.join(" > ", stages) + "; " + left(-1);
    }

    private boolean isPlanned(LoopStage stage) {
        return expected.isEmpty() || expected.containsKey(stage);
    }

    private String about(LoopStage stage) {
        Duration time = expected.get(stage);
        return time == null ? "" : " ~" + Progress.format(time.toNanos());
    }

    /**
     * How long everything that is left will take, in words.
     *
     * @param nanos that the bar which moves has left; negative where that is not known
     */
    String left(long nanos) {
        return "all ~" + Progress.format(leftNanos(nanos));
    }

    private long leftNanos(long bar) {
        long later = laterFolds * budget.toNanos();
        if (on == null || on == LoopStage.FETCHING) {
            return later + budget.toNanos();
        }
        long now = nanoTime.getAsLong();
        if (expected.isEmpty()) {
            return later + Math.max(Math.max(bar, 0), budget.toNanos() - (now - foldBegunAt));
        }
        long left = ofTheOneThatIsOn(on, now, bar);
        for (Map.Entry<LoopStage, Duration> stage : expected.entrySet()) {
            if (stage.getKey().compareTo(on) > 0) {
                left += stage.getValue().toNanos();
            }
        }
        return later + left;
    }

    /** A training is one bar; who judges asks one contender after the other. */
    private long ofTheOneThatIsOn(LoopStage stage, long now, long bar) {
        long planned = Math.max(0, expected.getOrDefault(stage, Duration.ZERO).toNanos() - (now - begunAt));
        return switch (stage) {
            case FINE_TUNING, REINFORCING -> bar < 0 ? planned : bar;
            case FETCHING, PREPARING, MEASURING, ASKING_OTHERS, ASKING_TRAINED -> Math.max(planned, bar);
        };
    }
}
