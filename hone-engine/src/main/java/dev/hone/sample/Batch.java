package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.model.PrefixTree;
import dev.hone.model.SegmentAttention;
import dev.hone.record.Sample.StopReason;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.TensorMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** The samples in flight: takes in waiting requests as rows become free, and computes one token of every row a step. */
final class Batch implements AutoCloseable {
    /** Prompt tokens that are computed together; a longer prompt goes alone. */
    private static final int PREFILL_TOKENS = 2048;

    private final Decoder decoder;
    private final ModelConfig config;
    private final int maxRows;
    private final KeyValueCache cache;
    private final SegmentAttention promptAttention;
    private final Detokenizer detokenizer;
    private final Listener listener;
    private final DecodeClock clock;
    private final List<Row> rows = new ArrayList<>();

    /** Hears every token as it is drawn. */
    @FunctionalInterface
    interface Listener {
        /** @param index which of the group's samples */
        void drawn(Group group, int index, int token, float logprob);
    }

    /** @param cache closed with the batch */
    Batch(
            Decoder decoder,
            int maxRows,
            KeyValueCache cache,
            Detokenizer detokenizer,
            DecodeClock clock,
            Listener listener) {
        this.decoder = decoder;
        this.config = decoder.config();
        this.maxRows = maxRows;
        this.cache = cache;
        this.promptAttention = new SegmentAttention(config);
        this.detokenizer = detokenizer;
        this.listener = listener;
        this.clock = clock;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Fills free rows from the front of the queue; a group leaves it when all its samples have started. */
    void admit(Deque<Group> waiting) {
        while (!waiting.isEmpty()) {
            if (!waiting.getFirst().hasMore()) {
                waiting.removeFirst();
            } else if (rows.size() < maxRows) {
                prefill(waiting);
                start(waiting.getFirst());
            } else {
                return;
            }
        }
    }

    /** Computes the prompts at the front of the queue that will start now, unless the first is computed already. */
    private void prefill(Deque<Group> waiting) {
        if (waiting.getFirst().firstLogits().length > 0) {
            return;
        }
        List<Group> groups = new ArrayList<>();
        int free = maxRows - rows.size();
        int tokens = 0;
        for (Group group : waiting) {
            int length = group.request().prompt().length;
            if (!groups.isEmpty() && (tokens + length > PREFILL_TOKENS || free < 1)) {
                break;
            }
            groups.add(group);
            tokens += length;
            free -= group.request().count();
        }
        prefill(groups);
    }

    private void prefill(List<Group> groups) {
        PrefixTree tree = PrefixTree.of(
                groups.stream().map(group -> group.request().prompt()).toList());
        long[] lasts = new long[groups.size()];
        int[] promptRows = new int[groups.size()];
        int row = rows.size();
        int entries = rows.stream().mapToInt(Row::entry).max().orElse(0);
        for (int g = 0; g < lasts.length; g++) {
            int[] places = tree.rows()[g];
            lasts[g] = places[places.length - 1];
            promptRows[g] = row;
            row += groups.get(g).request().count();
            entries = Math.max(entries, groups.get(g).ownPromptEntries());
        }
        cache.require(Math.min(row, maxRows), Math.max(1, entries));
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> places = Stream.of(tree.rows()).map(HostArrays::longs).toList();
            Tensor hidden = decoder.hidden(
                    HostArrays.longs(tree.tokens()),
                    HostArrays.longs(tree.positions()),
                    (layer, queryKeyValue, output) -> {
                        promptAttention.forward(queryKeyValue, tree.segments(), output);
                        store(layer, groups, promptRows, places, queryKeyValue);
                    });
            Tensor logits = decoder.logits(hidden.index_select(0, HostArrays.longs(lasts)));
            MemorySegment values = TensorMemory.floats(logits.contiguous());
            for (int g = 0; g < lasts.length; g++) {
                float[] logitsOfGroup = new float[config.vocabulary()];
                copyRow(values, g, logitsOfGroup);
                groups.get(g).prefilled(logitsOfGroup, promptRows[g]);
            }
        }
    }

    /** Keeps the prompts' keys and values: shared ones with their group, others in the rows that will start. */
    private void store(int layer, List<Group> groups, int[] promptRows, List<Tensor> places, Tensor queryKeyValue) {
        Tensor keyValue = keyValue(queryKeyValue);
        for (int g = 0; g < promptRows.length; g++) {
            Tensor own = keyValue.index_select(0, places.get(g));
            if (groups.get(g).shared()) {
                groups.get(g).share(own);
            } else {
                cache.begin(layer, promptRows[g], own);
            }
        }
    }

    /** Starts the group's next sample in the next row, which stays free if the first token already ends it. */
    private void start(Group group) {
        Row row = new Row(group, group.start(), config.maxPositions());
        TokenDraw draw;
        long start = System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            draw = draw(HostArrays.floats(group.firstLogits()).unsqueeze(0), List.of(row));
        }
        if (!group.shared() && group.promptRow() != rows.size()) {
            // A sample before it ended with its first token and left its row free.
            cache.move(group.promptRow(), rows.size(), group.ownPromptEntries());
        }
        rows.add(row);
        accept(rows.size() - 1, draw.tokens()[0], draw.logprobs()[0]);
        clock.drew(start);
    }

    /** Computes one token of every row. */
    void step() {
        long start = System.nanoTime();
        int count = rows.size();
        long[] tokens = new long[count];
        long[] positions = new long[count];
        long[] indices = new long[count];
        int entries = 1 + rows.stream().mapToInt(Row::entry).max().orElseThrow();
        cache.require(count, entries);
        for (int i = 0; i < count; i++) {
            Row row = rows.get(i);
            tokens[i] = row.last();
            positions[i] = row.position();
            indices[i] = cache.index(i, row.entry());
        }
        try (PointerScope scope = new PointerScope()) {
            StepAttention attention = new StepAttention(config, cache, rows, entries, HostArrays.longs(indices));
            Tensor hidden = decoder.hidden(HostArrays.longs(tokens), HostArrays.longs(positions), attention);
            TokenDraw draw = draw(decoder.logits(hidden), rows);
            // From the last to the first: a row that ends is replaced by the last one, which has had its turn.
            for (int i = count - 1; i >= 0; i--) {
                accept(i, draw.tokens()[i], draw.logprobs()[i]);
            }
        }
        clock.stepped(start);
    }

    /** Draws among the tokens that may come next. Shape: (B, V) */
    private TokenDraw draw(Tensor logits, List<Row> drawing) {
        if (drawing.stream().anyMatch(Row::isConstrained)) {
            long start = System.nanoTime();
            ConstraintMasks.apply(logits, drawing.stream().map(Row::allowed).toList());
            clock.masked(start);
        }
        return TokenDraw.of(logits, drawing);
    }

    private void copyRow(MemorySegment values, int row, float[] target) {
        MemorySegment.copy(
                values, ValueLayout.JAVA_FLOAT, (long) row * target.length * Float.BYTES, target, 0, target.length);
    }

    /** Adds a token to a row, and takes the row out if that ends it. */
    private void accept(int place, int token, float logprob) {
        Row row = rows.get(place);
        row.add(token, logprob);
        if (row.isConstrained()) {
            long start = System.nanoTime();
            row.follow(token);
            clock.masked(start);
        }
        listener.drawn(row.group(), row.index(), token, logprob);
        StopReason reason = row.stopReason(detokenizer);
        if (reason == null) {
            return;
        }
        row.group().finish(row.index(), row.sample(reason));
        remove(place);
    }

    /** Takes out a group's samples in flight. */
    void cancel(Group group) {
        for (int place = rows.size() - 1; place >= 0; place--) {
            if (rows.get(place).group() == group) {
                remove(place);
            }
        }
    }

    /** Takes a row out; the last one takes its place. */
    private void remove(int place) {
        Row row = rows.get(place);
        Row last = rows.removeLast();
        if (last != row) {
            rows.set(place, last);
            cache.move(rows.size(), place, last.entry());
        }
    }

    /** Shape: (T, (H + 2K)·D) → (T, 2·K·D) */
    private Tensor keyValue(Tensor queryKeyValue) {
        return queryKeyValue.narrow(1, config.queryWidth(), 2L * config.keyValueWidth());
    }

    @Override
    public void close() {
        cache.close();
    }
}
