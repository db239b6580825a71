package dev.hone.charter;

import dev.hone.promote.Gate;
import dev.hone.promote.Gates;
import dev.hone.settings.Fields;
import dev.hone.settings.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a version must keep before it gets traffic from the key {@value #KEY} of a charter. */
final class GateReader {
    static final String KEY = "gates";

    private static final String MARGIN = "not-worse-than";
    private static final String LEAST_ROWS = "least-rows";
    private static final String DATA = "data";
    private static final String CONTENDER = "contender";
    private static final String BASELINE = "baseline";
    private static final int LEAST_ROWS_STANDARD = 20;
    private static final int MOST_ROWS = 100_000_000;
    private static final String SHARE = "give the share of right answers by which it may be worse, for instance [0.02]";

    private GateReader() {}

    /** @return null where there is none */
    static @Nullable Gates read(Fields charter) {
        YamlNode node = charter.find(KEY);
        if (node == null) {
            return null;
        }
        Fields fields = Fields.of(
                charter.file(),
                node,
                "[gates]",
                List.of(
                        Gate.QUALITY,
                        Gate.SLICES,
                        Gate.COST,
                        Gate.P95,
                        Gate.RETENTION,
                        Gate.SAMPLE_SIZE,
                        CONTENDER,
                        BASELINE));
        List<Gate> gates = new ArrayList<>();
        Fields quality = part(fields, Gate.QUALITY, List.of(MARGIN));
        if (quality != null) {
            gates.add(new Gate.Quality(margin(quality)));
        }
        Fields slices = part(fields, Gate.SLICES, List.of(MARGIN, LEAST_ROWS));
        if (slices != null) {
            Integer least = slices.whole(LEAST_ROWS, 1, MOST_ROWS);
            gates.add(new Gate.Slices(margin(slices), least == null ? LEAST_ROWS_STANDARD : least));
        }
        Double cost = fields.number(Gate.COST, "give a price, for instance [0.05]");
        if (cost != null) {
            if (cost < 0) {
                throw fields.wrong(Gate.COST, "is [%s]".formatted(cost), "a price is 0 or more");
            }
            gates.add(new Gate.Cost(cost));
        }
        Duration p95 = fields.duration(Gate.P95);
        if (p95 != null) {
            gates.add(new Gate.P95(p95));
        }
        Fields retention = part(fields, Gate.RETENTION, List.of(DATA, MARGIN));
        if (retention != null) {
            gates.add(new Gate.Retention(data(retention), margin(retention)));
        }
        Integer size = fields.whole(Gate.SAMPLE_SIZE, 1, MOST_ROWS);
        if (size != null) {
            gates.add(new Gate.SampleSize(size));
        }
        if (gates.isEmpty()) {
            throw charter.wrong(
                    KEY,
                    "has no gate, so that every version would pass",
                    "declare one, for instance [quality: {not-worse-than: 0.02}], or leave the key out");
        }
        return new Gates(gates, name(fields, CONTENDER), name(fields, BASELINE));
    }

    private static @Nullable Fields part(Fields fields, String key, List<String> known) {
        YamlNode node = fields.find(key);
        return node == null ? null : Fields.of(fields.file(), node, "[%s]".formatted(key), known);
    }

    private static double margin(Fields fields) {
        fields.require(MARGIN, SHARE);
        Double margin = fields.number(MARGIN, SHARE);
        if (margin == null || !(margin >= 0 && margin < 1)) {
            throw fields.wrong(MARGIN, "is [%s]".formatted(margin), SHARE + ", from 0 to below 1");
        }
        return margin;
    }

    private static List<String> data(Fields fields) {
        String remedy = "list beginnings of datasets' hashes, or files, for instance [\"4f2a81\"]";
        List<String> data = fields.texts(DATA, remedy);
        if (data.isEmpty()) {
            throw fields.wrong(DATA, "is empty, so that nothing could be forgotten", remedy);
        }
        return data;
    }

    private static @Nullable String name(Fields fields, String key) {
        return fields.find(key) == null
                ? null
                : fields.text(key, "name a contender of the reports, for instance [fine-tuned, constrained]");
    }
}
