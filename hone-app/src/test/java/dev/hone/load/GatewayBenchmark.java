package dev.hone.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateway beside others that stand in the same place: {@code benchmarks/gateway/run.sh --help}. All take turns in each
 * round, and whoever is first changes.
 */
final class GatewayBenchmark implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(30);

    private final Settings settings;
    private final List<Comparand> comparands = new ArrayList<>();
    private final List<Measured> measured = new ArrayList<>();
    private @Nullable Process mock;

    /**
     * What is asked for on the command line.
     *
     * @param seconds of each measurement
     * @param rate of requests a second, evenly
     * @param slowRate the same, at which also LiteLLM is asked
     * @param connections of clients
     * @param streams at once
     * @param streamWords of each, an event each, over the seconds of a measurement
     * @param nginx its program; null to leave it out
     * @param liteLlm its program; null to leave it out
     */
    record Settings(
            Path out,
            int seconds,
            int rounds,
            int warmup,
            int rate,
            int slowRate,
            int connections,
            int streams,
            int burst,
            int streamWords,
            @Nullable String nginx,
            @Nullable String liteLlm,
            List<String> phases) {
        static Settings parse(String[] arguments) {
            Map<String, String> given = new LinkedHashMap<>();
            given.put("--out", "gateway-load");
            given.put("--seconds", "60");
            given.put("--rounds", "5");
            given.put("--warmup", "20");
            given.put("--rate", "2000");
            given.put("--slow-rate", "100");
            given.put("--connections", "64");
            given.put("--streams", "1000");
            given.put("--burst", "500");
            given.put("--stream-words", "40");
            given.put("--nginx", "/usr/sbin/nginx");
            given.put("--litellm", "");
            given.put("--phases", "rate,slow,saturated,burst,streams");
            for (int i = 0; i < arguments.length; i += 2) {
                if (!given.containsKey(arguments[i]) || i + 1 == arguments.length) {
                    throw new IllegalArgumentException(
                            "[%s] is none of %s, each with a value".formatted(arguments[i], given.keySet()));
                }
                given.put(arguments[i], arguments[i + 1]);
            }
            return new Settings(
                    Path.of(given.get("--out")).toAbsolutePath(),
                    Integer.parseInt(given.get("--seconds")),
                    Integer.parseInt(given.get("--rounds")),
                    Integer.parseInt(given.get("--warmup")),
                    Integer.parseInt(given.get("--rate")),
                    Integer.parseInt(given.get("--slow-rate")),
                    Integer.parseInt(given.get("--connections")),
                    Integer.parseInt(given.get("--streams")),
                    Integer.parseInt(given.get("--burst")),
                    Integer.parseInt(given.get("--stream-words")),
                    present(given.get("--nginx")),
                    present(given.get("--litellm")),
                    List.of(given.get("--phases").split(",")));
        }

        private static @Nullable String present(String program) {
            return !program.isEmpty() && Files.isExecutable(Path.of(program)) ? program : null;
        }
    }

    /**
     * One measurement.
     *
     * @param cpuMicros of the comparand for one answer; NaN where it is no process of its own
     * @param databaseMicros the same of the gateway's database, its drain after the load included
     * @param busy share of the machine's processors that were at work, by whomever
     * @param mebibytes of the comparand, the most that was seen while it was measured
     * @param storedSeconds after the last answer until the database had all traces; NaN where there are none
     */
    record Measured(
            String phase,
            int round,
            String name,
            LoadResult load,
            double cpuMicros,
            double databaseMicros,
            double busy,
            double mebibytes,
            double storedSeconds) {}

    private GatewayBenchmark(Settings settings) {
        this.settings = settings;
    }

    private void start() throws Exception {
        Files.createDirectories(settings.out());
        if (settings.out().toFile().list().length > 0) {
            throw new IllegalArgumentException("[%s] is not empty: give --out a new folder".formatted(settings.out()));
        }
        int interval = Math.max(1, settings.seconds() * 1000 / settings.streamWords());
        Process started = Comparand.givingWay(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MockUpstream.class.getName(),
                        "0",
                        Integer.toString(settings.streamWords()),
                        Integer.toString(interval))
                .redirectError(settings.out().resolve("mock.log").toFile())
                .start();
        mock = started;
        int upstream = Integer.parseInt(started.inputReader().readLine());
        comparands.add(Comparand.direct(upstream));
        if (settings.nginx() != null) {
            comparands.add(Comparand.nginx(settings.out().resolve("nginx"), settings.nginx(), upstream));
        }
        Comparand hone = Comparand.hone(settings.out().resolve("hone"), upstream, List.of());
        comparands.add(hone);
        comparands.add(hone.redacting());
        if (settings.liteLlm() != null) {
            comparands.add(Comparand.liteLlm(settings.out().resolve("litellm"), settings.liteLlm(), upstream));
        }
    }

    private void run() throws Exception {
        for (Comparand comparand : comparands) {
            say("Warming %s".formatted(comparand.name()));
            load(comparand, new Arrivals.Saturated(), settings.connections(), settings.warmup(), false);
            drain(comparand);
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (String phase : settings.phases()) {
                List<Comparand> order = new ArrayList<>(
                        comparands.stream().filter(one -> takesPart(one, phase)).toList());
                Collections.rotate(order, round - 1);
                for (Comparand comparand : order) {
                    measure(comparand, phase, round);
                }
            }
        }
    }

    /**
     * LiteLLM takes a tenth of the others' rate at most: it is asked at a rate of its own, and as fast as it can. Of streams the gateway's memory is
     * what is looked for.
     */
    private static boolean takesPart(Comparand comparand, String phase) {
        return switch (phase) {
            case "rate" -> !comparand.name().equals("litellm");
            case "burst" -> !Set.of("litellm", "hone, redacting").contains(comparand.name());
            case "slow" -> !Set.of("nginx", "hone, redacting").contains(comparand.name());
            case "saturated" -> !comparand.name().equals("hone, redacting");
            case "streams" -> comparand.name().equals("hone");
            default -> throw new IllegalArgumentException("[%s] is no phase".formatted(phase));
        };
    }

    private void measure(Comparand comparand, String phase, int round) throws Exception {
        long pid = comparand.pid();
        boolean hone = comparand.isHone();
        StoredTraces stored = new StoredTraces(ServedHone.home(settings.out().resolve("hone")));
        Duration before = Usage.processor(pid);
        Duration databaseBefore = hone ? Usage.processor(stored.pid()) : Duration.ZERO;
        long[] machine = Usage.machine();
        try (Peak peak = new Peak(pid)) {
            LoadResult result = switch (phase) {
                case "rate" ->
                    load(
                            comparand,
                            new Arrivals.Steady(settings.rate()),
                            settings.connections(),
                            settings.seconds(),
                            false);
                case "slow" ->
                    load(
                            comparand,
                            new Arrivals.Steady(settings.slowRate()),
                            settings.connections(),
                            settings.seconds(),
                            false);
                case "saturated" ->
                    load(comparand, new Arrivals.Saturated(), settings.connections(), settings.seconds(), false);
                case "burst" ->
                    load(
                            comparand,
                            new Arrivals.Bursts(settings.burst(), Duration.ofSeconds(1)),
                            settings.burst(),
                            settings.seconds(),
                            false);
                default ->
                    load(
                            comparand,
                            new Arrivals.Steady(settings.streams()),
                            settings.streams(),
                            Math.min(settings.seconds(), 1),
                            true);
            };
            long[] after = Usage.machine();
            double cpu = Usage.processor(pid).minus(before).toNanos() / 1e3 / Math.max(1, result.answered());
            double drained = drain(comparand);
            double database = hone
                    ? Usage.processor(stored.pid()).minus(databaseBefore).toNanos()
                            / 1e3
                            / Math.max(1, result.answered())
                    : Double.NaN;
            double busy = 1 - (double) (after[1] - machine[1]) / Math.max(1, after[0] - machine[0]);
            Measured one = new Measured(
                    phase,
                    round,
                    comparand.name(),
                    result,
                    pid == 0 ? Double.NaN : cpu,
                    database,
                    busy,
                    peak.most(),
                    drained);
            measured.add(one);
            say(LoadReport.line(one));
        }
        if (hone && !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            throw new IllegalStateException("The gateway has ended");
        }
    }

    private LoadResult load(Comparand comparand, Arrivals arrivals, int connections, int seconds, boolean stream)
            throws IOException, InterruptedException {
        return LoadClient.run(new LoadClient.Plan(
                comparand.address(),
                comparand.request(stream),
                connections,
                arrivals,
                Duration.ofSeconds(seconds),
                Long.MAX_VALUE,
                stream ? GRACE.plusSeconds(2L * settings.seconds()) : GRACE));
    }

    /** Waits until the database has all traces, so that nobody else is measured while it works. */
    private double drain(Comparand comparand) throws Exception {
        return comparand.isHone()
                ? new StoredTraces(ServedHone.home(settings.out().resolve("hone"))).awaitDrained(LONGEST_DRAIN)
                : Double.NaN;
    }

    /** Looks at a process's memory again and again. */
    private static final class Peak implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread;
        private volatile double most = Double.NaN;

        Peak(long pid) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                while (pid != 0 && !ended.get()) {
                    try {
                        double now = Usage.mebibytes(pid);
                        most = Double.isNaN(most) ? now : Math.max(most, now);
                        Thread.sleep(500);
                    } catch (IOException | InterruptedException e) {
                        return;
                    }
                }
            });
        }

        double most() {
            return most;
        }

        @Override
        public void close() {
            ended.set(true);
            thread.interrupt();
        }
    }

    private void write() throws IOException {
        LoadReport report = new LoadReport(settings, measured);
        ObjectNode json = report.json();
        Files.writeString(
                settings.out().resolve("result.json"),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        String table = report.markdown();
        Files.writeString(settings.out().resolve("result.md"), table);
        System.out.println(table);
    }

    private static void say(String text) {
        System.err.println(text);
    }

    @Override
    public void close() throws Exception {
        for (Comparand comparand : comparands.reversed()) {
            comparand.close();
        }
        if (mock != null) {
            mock.getOutputStream().close();
            mock.waitFor();
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (GatewayBenchmark benchmark = new GatewayBenchmark(Settings.parse(arguments))) {
            benchmark.start();
            benchmark.run();
            benchmark.write();
        }
    }
}
