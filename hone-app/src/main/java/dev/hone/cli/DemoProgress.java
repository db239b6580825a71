package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.run.Loop;
import dev.hone.run.LoopStage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stages as lines, work as bars; of a demo whose stages are told, all of them whenever one begins, and what is left of the whole behind each bar. */
final class DemoProgress implements Loop.Listener {
    private final FetchProgress fetching = new FetchProgress();
    private @Nullable Progress progress;
    private String what = "";
    private Sparkline course = new Sparkline(TrainReport.COURSE);
    private final DemoCourse stages;

    /** Of work whose stages nobody tells. */
    DemoProgress() {
        this(Duration.ZERO);
    }

    /** @param budget time for everything after the downloads */
    DemoProgress(Duration budget) {
        stages = new DemoCourse(budget, System::nanoTime);
    }

    @Override
    public void fold(int fold, int folds) {
        stages.fold(fold, folds);
    }

    @Override
    public void begins(LoopStage stage) {
        end();
        stages.begin(stage);
        System.err.println(stages.line());
    }

    @Override
    public void expects(Map<LoopStage, Duration> durations) {
        stages.expect(durations);
    }

    @Override
    public void stage(String name) {
        end();
        System.err.println(name);
    }

    @Override
    public void answered(String contender, int done, int total) {
        bar(contender).update(done, total, "requests");
        if (done >= total) {
            end();
        }
    }

    @Override
    public void stepped(SftListener.Step step) {
        Progress bar = bar("training");
        course.add(step.loss());
        bar.update(step.step(), step.steps(), course.line() + "  " + TrainReport.detail(step));
        if (step.step() == step.steps()) {
            end();
        }
    }

    @Override
    public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {
        Progress bar = bar("reinforcing");
        course.add(step.rewards().reward().mean());
        bar.update(step.step(), step.steps(), course.line() + "  " + TrainReport.detail(step));
        if (!step.alarm().isEmpty()) {
            end();
            System.err.println(TrainReport.alarm(step));
        }
        if (step.step() == step.steps()) {
            end();
        }
    }

    @Override
    public void started(PinnedFile file, Source source) {
        fetching.started(file, source);
    }

    @Override
    public void progress(PinnedFile file, long soFar, long total) {
        fetching.progress(file, soFar, total);
    }

    @Override
    public void notice(String message) {
        fetching.notice(message);
    }

    private Progress bar(String name) {
        if (progress == null || !what.equals(name)) {
            end();
            what = name;
            progress = new Progress(name, left -> stages.isOn() ? ", " + stages.left(left) : "");
            course = new Sparkline(TrainReport.COURSE);
        }
        return progress;
    }

    private void end() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
