package dev.hone.run;

import dev.hone.file.Durable;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.StoredTrace;
import dev.hone.store.ParquetFile;
import dev.hone.store.ParquetFile.Column;
import dev.hone.store.ParquetFile.Type;
import dev.hone.task.TraceLine;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What stored traces are written into, one after the other: {@link TraceExporting} fills it. */
public sealed interface TraceSink extends AutoCloseable {
    void add(StoredTrace trace) throws IOException;

    /** Everything was added: a file gets its name. */
    void finish() throws IOException;

    @Override
    void close() throws IOException;

    /** Lines that {@code hone import} reads. */
    static TraceSink lines(Path file) throws IOException {
        return new Lines(file);
    }

    /** The same to somebody who reads along. */
    static TraceSink lines(OutputStream out) {
        return new Lines(out);
    }

    /** A row for each. */
    static TraceSink parquet(Path file) throws IOException {
        return new Rows(file);
    }

    /** JSONL. */
    final class Lines implements TraceSink {
        private final @Nullable Path file;
        private final @Nullable Path part;
        private final OutputStream out;

        private Lines(Path file) throws IOException {
            this.file = file;
            this.part = file.resolveSibling("." + file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            this.out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16);
        }

        private Lines(OutputStream out) {
            this.file = null;
            this.part = null;
            this.out = new BufferedOutputStream(out, 1 << 16);
        }

        @Override
        public void add(StoredTrace trace) throws IOException {
            out.write(TraceLine.of(trace).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }

        @Override
        public void finish() throws IOException {
            out.flush();
            if (part != null && file != null) {
                out.close();
                Durable.publish(part, file);
            }
        }

        @Override
        public void close() throws IOException {
            if (part != null) {
                out.close();
                Files.deleteIfExists(part);
            }
        }
    }

    /** Parquet: a column for each figure, documents as JSON in texts. */
    final class Rows implements TraceSink {
        private static final List<Value> VALUES = List.of(
                text("id", trace -> trace.id().toString()),
                text("project", StoredTrace::project),
                text("use_case", StoredTrace::useCase),
                new Value(new Column("occurred", Type.TIME), StoredTrace::occurred),
                new Value(new Column("recorded", Type.TIME), StoredTrace::recorded),
                text("tags", trace -> JsonMapper.shared().writeValueAsString(new TreeMap<>(trace.metadata()))),
                text("path", call(StoredTrace.Call::path)),
                text("model", call(StoredTrace.Call::model)),
                text("route", call(StoredTrace.Call::route)),
                text("variant", call(StoredTrace.Call::variant)),
                text("episode", call(StoredTrace.Call::episode)),
                new Value(new Column("stream", Type.TRUTH), call(StoredTrace.Call::stream)),
                new Value(new Column("status", Type.WHOLE), call(call -> (long) call.status())),
                text("ended", call(Rows::ended)),
                new Value(new Column("first_byte_ms", Type.REAL), call(StoredTrace.Call::firstByteMillis)),
                new Value(new Column("ms", Type.REAL), call(StoredTrace.Call::millis)),
                usage("prompt_tokens", CallUsage::prompt),
                usage("cached_tokens", CallUsage::cached),
                usage("completion_tokens", CallUsage::completion),
                new Value(
                        new Column("cost", Type.AMOUNT),
                        call(call -> call.cost() == null ? null : call.cost().amount())),
                text(
                        "currency",
                        call(call -> call.cost() == null ? null : call.cost().currency())),
                text("api_key", call(call -> string(call.key()))),
                text("end_user", call(StoredTrace.Call::endUser)),
                text("configuration", call(StoredTrace.Call::configuration)),
                text("shadow_of", call(call -> string(call.shadowOf()))),
                text("content_hash", row(StoredTrace.Row::contentHash)),
                text("external_id", row(StoredTrace.Row::externalId)),
                text("source", row(StoredTrace.Row::source)),
                new Value(new Column("line", Type.WHOLE), row(row -> (long) row.line())),
                text("request", StoredTrace::request),
                text("response", StoredTrace::response),
                text("attempts", trace -> TraceLine.attempts(trace.attempts()).toString()),
                text("feedback", trace -> TraceLine.feedback(trace.feedback()).toString()));

        private final ParquetFile file;

        /** A column, and what a trace has there. */
        private record Value(Column column, Function<StoredTrace, @Nullable Object> of) {}

        private Rows(Path file) throws IOException {
            this.file = new ParquetFile(file, VALUES.stream().map(Value::column).toList());
        }

        private static Value text(String name, Function<StoredTrace, @Nullable Object> of) {
            return new Value(new Column(name, Type.TEXT), of);
        }

        private static Value usage(String name, Function<CallUsage, @Nullable Long> of) {
            return new Value(new Column(name, Type.WHOLE), call(call -> of.apply(call.usage())));
        }

        private static Function<StoredTrace, @Nullable Object> call(Function<StoredTrace.Call, @Nullable Object> of) {
            return trace -> trace.call() == null ? null : of.apply(trace.call());
        }

        private static Function<StoredTrace, @Nullable Object> row(Function<StoredTrace.Row, @Nullable Object> of) {
            return trace -> trace.row() == null ? null : of.apply(trace.row());
        }

        private static String ended(StoredTrace.Call call) {
            CapturedCall.End end = call.ended();
            return end.name().toLowerCase(Locale.ROOT);
        }

        private static @Nullable String string(@Nullable Object value) {
            return value == null ? null : value.toString();
        }

        @Override
        public void add(StoredTrace trace) throws IOException {
            file.add(VALUES.stream().map(value -> value.of().apply(trace)).toArray());
        }

        @Override
        public void finish() throws IOException {
            file.finish();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
