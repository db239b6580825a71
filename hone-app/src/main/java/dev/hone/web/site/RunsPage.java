package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.Project;
import dev.hone.record.Role;
import dev.hone.record.RunLog;
import dev.hone.store.AuditLog;
import dev.hone.store.RunList;
import dev.hone.web.LinePlot;
import dev.hone.web.site.RunFolders.Folder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Trainings: those that the store has, and those whose folders lie beside the server, as they go on. */
public final class RunsPage {
    private static final String PATH = "/runs";
    private static final String LIVE = PATH + "/live";
    private static final int ROWS = 100;
    private static final int SAMPLES = 24;

    /** As many steps as a curve has room for. */
    private static final int STEPS = 1_500;

    /** Figures worth a curve, with their units. */
    private static final Map<String, String> CURVES = new LinkedHashMap<>();

    static {
        CURVES.put("reward", "0 to 1");
        CURVES.put("loss", "nats a token");
        CURVES.put("kl", "nats");
        CURVES.put("entropy", "nats");
        CURVES.put("gradientNorm", "norm");
        CURVES.put("learningRate", "rate");
    }

    private final Views views;
    private final RunList runs;
    private final RunFolders folders;
    private final AuditLog audit;
    private final Readings readings;
    private final Semaphore listening = new Semaphore(64);

    RunsPage(Views views, RunList runs, RunFolders folders, AuditLog audit) {
        this.views = views;
        this.runs = runs;
        this.folders = folders;
        this.audit = audit;
        this.readings = new Readings(audit);
    }

    /** A folder, and whether it is finished. */
    public record Going(String name, boolean finished, Instant changed) {}

    /** The runs. */
    public record Page(Shell shell, List<Going> folders, List<RunList.Finished> finished) {}

    /** An answer that was tried. */
    public record Tried(long step, String task, Text output, double reward, String reason, long tokens) {}

    /** A stored run. */
    public record One(
            Shell shell,
            RunList.Finished run,
            List<LinePlot> curves,
            Map<String, String> facts,
            @Nullable List<Tried> tried) {}

    /** A run in its folder; its curves come by events. */
    public record Live(
            Shell shell,
            Going run,
            List<String> curves,
            @Nullable List<Tried> tried) {}

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, this::list),
                Route.of(Role.VIEWER, "GET", PATH + "/{id}", this::show),
                Route.of(Role.VIEWER, "GET", LIVE + "/{name}", this::live),
                Route.of(Role.VIEWER, "GET", LIVE + "/{name}/events", this::events));
    }

    private Answer list(Ask ask) throws IOException {
        List<Going> going =
                isOurs(ask) ? folders.all().stream().map(RunsPage::going).toList() : List.of();
        return views.page("runs", new Page(views.shell(ask, "runs", "Runs"), going, runs.all(ask.project(), ROWS)));
    }

    private static Going going(Folder folder) {
        return new Going(folder.name(), folder.finished(), folder.changed());
    }

    /** Folders belong to the project that every installation has. */
    private static boolean isOurs(Ask ask) {
        return ask.membership().projectName().equals(Project.DEFAULT);
    }

    private Answer show(Ask ask) {
        UUID id = ask.id("id");
        RunList.Finished run = runs.find(ask.project(), id).orElseThrow(PageRefusal::notFound);
        Map<String, String> facts = new LinkedHashMap<>();
        RunFolders.parse(run.training()).properties().forEach(one -> facts.put(one.getKey(), shown(one.getValue())));
        RunFolders.parse(run.settings()).properties().forEach(one -> facts.put(one.getKey(), shown(one.getValue())));
        List<Tried> tried = null;
        List<RunLog.Tried> last = mayRead(ask) ? runs.tried(id, SAMPLES) : List.of();
        if (!last.isEmpty()) {
            audit.add(AuditEntry.now(ask.who(), ask.project(), "run.read", id.toString(), Map.of()));
            tried = last.stream()
                    .map(one -> new Tried(
                            one.step(), one.task(), new Text(one.output()), one.reward(), one.reason(), one.tokens()))
                    .toList();
        }
        return views.page(
                "run", new One(views.shell(ask, "runs", "Run"), run, curves(runs.curve(id, STEPS)), facts, tried));
    }

    private static boolean mayRead(Ask ask) {
        return ask.membership().role().covers(Role.EXPERT);
    }

    private static String shown(JsonNode value) {
        return value.isFloat() || value.isDouble()
                ? Figures.number(value.asDouble(), Math.abs(value.asDouble()) < 0.1 ? 5 : 3)
                : value.isNumber() ? Figures.count(value.asLong()) : value.asString(value.toString());
    }

    private static List<LinePlot> curves(List<RunLog.Metric> metrics) {
        List<JsonNode> steps = metrics.stream()
                .map(metric -> RunFolders.parse(metric.figures()))
                .toList();
        List<LinePlot> curves = new ArrayList<>();
        CURVES.forEach((name, unit) -> {
            double[] values = steps.stream()
                    .map(step -> step.path(name))
                    .filter(JsonNode::isNumber)
                    .mapToDouble(JsonNode::asDouble)
                    .filter(Double::isFinite)
                    .toArray();
            if (values.length > 0) {
                curves.add(LinePlot.of(name, unit, values, (int)
                        Math.min(Integer.MAX_VALUE, metrics.getLast().step())));
            }
        });
        return curves;
    }

    private Folder folder(Ask ask) throws IOException {
        if (!isOurs(ask)) {
            throw PageRefusal.notFound();
        }
        return folders.find(ask.part("name")).orElseThrow(PageRefusal::notFound);
    }

    private Answer live(Ask ask) throws IOException {
        Folder folder = folder(ask);
        List<Tried> tried = null;
        if (mayRead(ask)) {
            List<JsonNode> samples = folder.samples(SAMPLES);
            if (!samples.isEmpty()) {
                readings.add(AuditEntry.now(ask.who(), ask.project(), "run.read", folder.name(), Map.of()));
                tried = samples.stream().map(RunsPage::tried).toList();
            }
        }
        return views.page(
                "live", new Live(views.shell(ask, "runs", "Run"), going(folder), List.copyOf(CURVES.keySet()), tried));
    }

    private static Tried tried(JsonNode sample) {
        return new Tried(
                sample.path("step").asLong(0),
                sample.path("task").asString("?"),
                new Text(sample.path("output").asString("")),
                sample.path("reward").asDouble(Double.NaN),
                sample.path("reason").asString(""),
                sample.path("tokens").asLong(0));
    }

    private Answer events(Ask ask) throws IOException {
        Folder folder = folder(ask);
        String last = ask.header("Last-Event-ID");
        long after = last != null && last.matches("\\d{1,15}") ? Long.parseLong(last) : 0;
        return new Answer.Events(listener -> {
            if (!listening.tryAcquire()) {
                listener.event("full", "0", "{}");
                return;
            }
            try {
                new LiveRun(folder, after).speak(listener);
            } finally {
                listening.release();
            }
        });
    }
}
