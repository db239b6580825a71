package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.loop.Results;
import dev.hone.loop.RoundListener;
import dev.hone.loop.RoundStep;
import java.util.List;
import java.util.Map;

/** The steps of a round as lines, with what they took before; the work within as bars. */
final class RoundProgress implements RoundListener {
    private final DemoProgress work = new DemoProgress();
    private final Map<RoundStep, Double> before;

    /** @param before seconds that steps took in an earlier round; those that are missing are not known */
    RoundProgress(Map<RoundStep, Double> before) {
        this.before = Map.copyOf(before);
    }

    @Override
    public void begins(RoundStep step) {
        double left = 0;
        boolean known = true;
        for (RoundStep one : RoundStep.values()) {
            if (one.compareTo(step) >= 0) {
                Double seconds = before.get(one);
                known &= seconds != null;
                left += seconds == null ? 0 : seconds;
            }
        }
        work.stage("Step %d of %d, %s%s"
                .formatted(
                        step.ordinal() + 1,
                        RoundStep.values().length,
                        step.title(),
                        known ? "; by the last round " + Progress.format(Math.round(left * 1e9)) + " to the end" : ""));
    }

    @Override
    public void found(RoundStep step) {
        work.stage("Step %d of %d, %s: done before"
                .formatted(step.ordinal() + 1, RoundStep.values().length, step.title()));
    }

    @Override
    public void finished(RoundStep step, Record result, double seconds) {
        work.stage("  %s, in %s".formatted(words(result), Progress.format(Math.round(seconds * 1e9))));
    }

    /** A result in a line. */
    static String words(Record result) {
        return switch (result) {
            case Results.DatasetMade made ->
                "%d tasks to learn from (%d new), %d to choose by, %d to judge by (%d of earlier rounds), of %d imported rows, %d calls drawn by chance and %d chosen ones, which are learned from alone"
                        .formatted(
                                made.train(),
                                made.fresh(),
                                made.validation(),
                                made.test(),
                                made.retained(),
                                made.imported(),
                                made.drawn(),
                                made.chosen());
            case Results.Trained trained -> {
                StringBuilder arms = new StringBuilder();
                for (Results.Arm arm : trained.arms()) {
                    arms.append(arms.isEmpty() ? "" : ", ")
                            .append("from %s %.1f %% on the validation split (%d tasks)"
                                    .formatted(arm.from(), 100 * arm.quality(), arm.rows()));
                }
                yield arms + ": from " + trained.chosen() + " goes on";
            }
            case Results.Registered registered -> registered.version();
            case Results.Evaluated evaluated -> {
                StringBuilder all = new StringBuilder();
                for (Results.Figures figures : evaluated.all()) {
                    all.append(all.isEmpty() ? "" : ", ")
                            .append("%s %.1f %% (%.1f to %.1f)"
                                    .formatted(
                                            figures.contender(),
                                            100 * figures.quality().value(),
                                            100 * figures.quality().low(),
                                            100 * figures.quality().high()));
                }
                yield all.toString();
            }
            case Results.Judged judged ->
                (judged.passed() ? "passed: " : "not passed: ") + String.join("; ", judged.sentences());
            case Results.Asked asked -> asked.rollout() == null ? "none" : "waits for hone serve: " + asked.rollout();
            default -> result.toString();
        };
    }

    @Override
    public void stage(String name) {
        work.stage(name);
    }

    @Override
    public void answered(String contender, int done, int total) {
        work.answered(contender, done, total);
    }

    @Override
    public void stepped(SftListener.Step step) {
        work.stepped(step);
    }

    @Override
    public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {
        work.stepped(step, rollouts);
    }

    @Override
    public void started(PinnedFile file, Source source) {
        work.started(file, source);
    }

    @Override
    public void progress(PinnedFile file, long soFar, long total) {
        work.progress(file, soFar, total);
    }

    @Override
    public void notice(String message) {
        work.notice(message);
    }
}
