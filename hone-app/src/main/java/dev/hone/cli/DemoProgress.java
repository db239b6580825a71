package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.run.Loop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stages as lines, work as bars. */
final class DemoProgress implements Loop.Listener {
    private final FetchProgress fetching = new FetchProgress();
    private @Nullable Progress progress;
    private String what = "";
    private Sparkline course = new Sparkline(TrainReport.COURSE);

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
            progress = new Progress(name);
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
