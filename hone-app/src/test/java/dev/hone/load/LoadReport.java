package dev.hone.load;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measurements as tables, with what was to be reached. A figure is the median of the rounds, with the least and the most. */
final class LoadReport {
    private static final double MOST_ADDED_MILLIS = 0.5;
    private static final double MOST_ABOVE_NGINX_MILLIS = 2;
    private static final double LEAST_PER_SECOND = 8_000;
    private static final double MOST_STREAM_MEBIBYTES = 1_024;

    private final GatewayBenchmark.Settings settings;
    private final List<GatewayBenchmark.Measured> measured;

    LoadReport(GatewayBenchmark.Settings settings, List<GatewayBenchmark.Measured> measured) {
        this.settings = settings;
        this.measured = measured;
    }

    /** What is compared with a bar. */
    record Bar(String what, String bar, double[] values, boolean met) {}

    static String line(GatewayBenchmark.Measured one) {
        LoadResult load = one.load();
        return String.format(
                Locale.ROOT,
                "round %d %-9s %-7s %6.0f/s p50 %.3f p90 %.3f p99 %.3f p99.9 %.3f max %.1f ms; sent %d refused %d broken %d unanswered %d; lag p99 %.3f ms%s; cpu %.0f + %.0f us/call; busy %.0f %%; %.0f MiB; answered %.0f ms and stored %.1f s after the last request",
                one.round(),
                one.phase(),
                one.name(),
                load.perSecond(),
                load.millis(50),
                load.millis(90),
                load.millis(99),
                load.millis(99.9),
                load.millis(100),
                load.sent(),
                load.refused(),
                load.broken(),
                load.unanswered(),
                load.lagMillis(99),
                load.valid() ? "" : " INVALID",
                one.cpuMicros(),
                one.databaseMicros(),
                100 * one.busy(),
                one.mebibytes(),
                load.drainMillis(),
                one.storedSeconds());
    }

    private List<GatewayBenchmark.Measured> of(String phase, String name) {
        return measured.stream()
                .filter(one -> one.phase().equals(phase) && one.name().equals(name))
                .toList();
    }

    private double[] values(String phase, String name, ToDoubleFunction<GatewayBenchmark.Measured> value) {
        return of(phase, name).stream().mapToDouble(value).toArray();
    }

    /** Of each round, one less the other. */
    private double[] differences(String phase, String name, String other, double percentile) {
        double[] ones = values(phase, name, one -> one.load().millis(percentile));
        double[] others = values(phase, other, one -> one.load().millis(percentile));
        double[] differences = new double[Math.min(ones.length, others.length)];
        Arrays.setAll(differences, i -> ones[i] - others[i]);
        return differences;
    }

    private List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        double[] added = differences("rate", "hone", "direct", 50);
        bars.add(new Bar(
                "p50 added over direct at %d/s, ms".formatted(settings.rate()),
                "<= 0.5",
                added,
                median(added) <= MOST_ADDED_MILLIS));
        double[] above = differences("rate", "hone", "nginx", 99);
        bars.add(new Bar(
                "p99 above nginx's at %d/s, ms".formatted(settings.rate()),
                "<= 2",
                above,
                median(above) <= MOST_ABOVE_NGINX_MILLIS));
        double[] saturated = values("saturated", "hone", one -> one.load().perSecond());
        bars.add(new Bar("answers a second, saturated", ">= 8000", saturated, median(saturated) >= LEAST_PER_SECOND));
        double[] memory = values("streams", "hone", GatewayBenchmark.Measured::mebibytes);
        bars.add(new Bar(
                "memory of the gateway's process with %d streams, MiB".formatted(settings.streams()),
                "< 1024",
                memory,
                median(memory) < MOST_STREAM_MEBIBYTES));
        return bars.stream().filter(bar -> bar.values().length > 0).toList();
    }

    static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** Why these figures must not be believed; empty where nothing speaks against them. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        for (GatewayBenchmark.Measured one : measured) {
            String where = "round %d, %s, %s".formatted(one.round(), one.phase(), one.name());
            if (!one.load().valid()) {
                doubts.add(String.format(
                        Locale.ROOT,
                        "%s: the client was %.2f ms late (p99): it measures itself",
                        where,
                        one.load().lagMillis(99)));
            }
            if (!one.load().clean()) {
                doubts.add("%s: of %d requests %d were answered"
                        .formatted(where, one.load().sent(), one.load().answered()));
            }
        }
        if (settings.rounds() < 5 || settings.seconds() < 60) {
            doubts.add("a short run: %d rounds of %d s".formatted(settings.rounds(), settings.seconds()));
        }
        return doubts;
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        List<String> doubts = doubts();
        text.append("%d rounds of %d s, %d connections, bursts of %d every second; median (least to most).\n\n"
                .formatted(settings.rounds(), settings.seconds(), settings.connections(), settings.burst()));
        if (!doubts.isEmpty()) {
            text.append("**Not to be quoted**: ")
                    .append(String.join("; ", doubts))
                    .append(".\n\n");
        }
        text.append("| | bar | measured | |\n| --- | --- | ---: | --- |\n");
        for (Bar bar : bars()) {
            text.append("| %s | %s | %s | %s |\n"
                    .formatted(bar.what(), bar.bar(), shown(bar.values(), 2), bar.met() ? "met" : "**missed**"));
        }
        for (String phase : settings.phases()) {
            text.append("\n").append(heading(phase)).append("\n\n");
            text.append(
                    "| | answers/s | p50 ms | p90 | p99 | p99.9 | first byte p50 | CPU µs/call | database µs/call | MiB | last answer after, ms | stored after, s |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            for (String name : measured.stream()
                    .map(GatewayBenchmark.Measured::name)
                    .distinct()
                    .toList()) {
                if (!of(phase, name).isEmpty()) {
                    text.append(row(phase, name));
                }
            }
        }
        return text.toString();
    }

    private String heading(String phase) {
        return switch (phase) {
            case "rate" -> "%d requests a second, evenly".formatted(settings.rate());
            case "slow" -> "%d requests a second, evenly".formatted(settings.slowRate());
            case "saturated" -> "As fast as answers come";
            case "burst" -> "%d requests at once, every second".formatted(settings.burst());
            case "streams" -> "%d streams at once, begun within a second".formatted(settings.streams());
            default -> phase;
        };
    }

    private String row(String phase, String name) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        shown(values(phase, name, one -> one.load().perSecond()), 0),
                        shown(values(phase, name, one -> one.load().millis(50)), 2),
                        shown(values(phase, name, one -> one.load().millis(90)), 2),
                        shown(values(phase, name, one -> one.load().millis(99)), 2),
                        shown(values(phase, name, one -> one.load().millis(99.9)), 2),
                        shown(values(phase, name, one -> one.load().firstBytes().getValueAtPercentile(50) / 1e6), 2),
                        shown(values(phase, name, GatewayBenchmark.Measured::cpuMicros), 0),
                        shown(values(phase, name, GatewayBenchmark.Measured::databaseMicros), 0),
                        shown(values(phase, name, GatewayBenchmark.Measured::mebibytes), 0),
                        shown(values(phase, name, one -> one.load().drainMillis()), 0),
                        shown(values(phase, name, GatewayBenchmark.Measured::storedSeconds), 1));
    }

    private static String shown(double[] values, int digits) {
        if (values.length == 0 || Double.isNaN(values[0])) {
            return "";
        }
        String form = "%." + digits + "f";
        String median = String.format(Locale.ROOT, form, median(values));
        return values.length == 1
                ? median
                : median
                        + String.format(
                                Locale.ROOT,
                                " (" + form + " to " + form + ")",
                                Arrays.stream(values).min().orElseThrow(),
                                Arrays.stream(values).max().orElseThrow());
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("schemaVersion", 1)
                .put("measured", Instant.now().toString())
                .put("java", Runtime.version().toString())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("seconds", settings.seconds())
                .put("rounds", settings.rounds())
                .put("connections", settings.connections())
                .put("rate", settings.rate());
        json.set("doubts", JsonMapper.shared().valueToTree(doubts()));
        ArrayNode bars = json.putArray("bars");
        bars().forEach(bar -> {
            ObjectNode one = bars.addObject()
                    .put("what", bar.what())
                    .put("bar", bar.bar())
                    .put("median", median(bar.values()))
                    .put("met", bar.met());
            one.set("rounds", JsonMapper.shared().valueToTree(bar.values()));
        });
        ArrayNode all = json.putArray("measurements");
        for (GatewayBenchmark.Measured one : measured) {
            LoadResult load = one.load();
            ObjectNode object = all.addObject()
                    .put("phase", one.phase())
                    .put("round", one.round())
                    .put("name", one.name())
                    .put("sent", load.sent())
                    .put("answered", load.answered())
                    .put("refused", load.refused())
                    .put("broken", load.broken())
                    .put("unanswered", load.unanswered())
                    .put("perSecond", load.perSecond());
            Stream.of(50.0, 90.0, 99.0, 99.9, 100.0)
                    .forEach(percentile -> object.put(
                            "p" + (percentile == Math.rint(percentile) ? "%.0f" : "%.1f").formatted(percentile),
                            load.millis(percentile)));
            object.put("firstByteP50", load.firstBytes().getValueAtPercentile(50) / 1e6)
                    .put("lagP99", load.lagMillis(99))
                    .put("valid", load.valid())
                    .put("lastAnswerAfterMillis", load.drainMillis())
                    .put("busy", one.busy());
            put(object, "cpuMicros", one.cpuMicros());
            put(object, "databaseMicros", one.databaseMicros());
            put(object, "mebibytes", one.mebibytes());
            put(object, "storedAfterSeconds", one.storedSeconds());
        }
        return json;
    }

    private static void put(ObjectNode object, String name, double value) {
        if (!Double.isNaN(value)) {
            object.put(name, value);
        }
    }
}
