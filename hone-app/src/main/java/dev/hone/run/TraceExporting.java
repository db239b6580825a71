package dev.hone.run;

import dev.hone.record.AuditEntry;
import dev.hone.record.Project;
import dev.hone.record.StoredTrace;
import dev.hone.store.AuditLog;
import dev.hone.store.Projects;
import dev.hone.store.StoredTraces;
import dev.hone.store.TraceQuery;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Writes stored traces of one project out, as they are stored. That somebody does stands in the audit log before anything is read. */
public final class TraceExporting {
    private final StoredTraces traces;
    private final Projects projects;
    private final AuditLog audit;

    public TraceExporting(StoredTraces traces, Projects projects, AuditLog audit) {
        this.traces = traces;
        this.projects = projects;
        this.audit = audit;
    }

    /** Hears how far the work is. */
    public interface Listener {
        void progress(long done, long total);
    }

    /**
     * What was written.
     *
     * @param traces how many
     * @param withContent how many of them with what they say; what the others said is gone
     * @param feedback pieces of it
     */
    public record Result(long traces, long withContent, long feedback) {}

    /**
     * Writes them.
     *
     * @param who for the audit log
     * @param format for the audit log
     * @throws IllegalArgumentException when there is no such project
     */
    public Result run(TraceQuery filter, String who, String format, TraceSink sink, Listener listener)
            throws IOException {
        UUID project = projects.find(filter.project())
                .orElseThrow(() -> new IllegalArgumentException("There is no project [%s], but %s"
                        .formatted(
                                filter.project(),
                                projects.all().stream().map(Project::name).toList())));
        Writer writer = new Writer(filter, who, format, project, sink, listener);
        traces.read(filter, writer);
        sink.finish();
        return new Result(writer.done, writer.withContent, writer.feedback);
    }

    private final class Writer implements StoredTraces.Sink {
        private final TraceQuery filter;
        private final String who;
        private final String format;
        private final UUID project;
        private final TraceSink sink;
        private final Listener listener;
        private long total;
        private long done;
        private long withContent;
        private long feedback;

        private Writer(TraceQuery filter, String who, String format, UUID project, TraceSink sink, Listener listener) {
            this.filter = filter;
            this.who = who;
            this.format = format;
            this.project = project;
            this.sink = sink;
            this.listener = listener;
        }

        @Override
        public void begin(long traces) {
            total = traces;
            Map<String, String> detail = new LinkedHashMap<>();
            detail.put("traces", Long.toString(traces));
            detail.put("format", format);
            detail.put("filter", filter.toString());
            audit.add(AuditEntry.now(who, project, "trace.export", filter.project(), detail));
            listener.progress(0, traces);
        }

        @Override
        public void take(StoredTrace trace) throws IOException {
            sink.add(trace);
            done++;
            withContent += trace.request() == null ? 0 : 1;
            feedback += trace.feedback().size();
            listener.progress(done, total);
        }
    }
}
