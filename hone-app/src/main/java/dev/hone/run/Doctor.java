package dev.hone.run;

import dev.hone.fetch.FileCache;
import dev.hone.store.BundledDatabase;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.WorkerClient;
import dev.hone.train.WorkerException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Looks at what Hone needs of a machine, and at what makes it slow. */
public final class Doctor {
    private static final int OLDEST_JAVA = 25;
    private static final long GIBIBYTE = 1L << 30;
    private static final long MEMORY_TO_TRAIN = 6 * GIBIBYTE;
    private static final long DISK = 2 * GIBIBYTE;
    private static final double FAST_PER_CORE = 60;

    /** Settings that take threads or instructions away from the worker, which inherits the environment. */
    private static final List<String> THREADS = List.of("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT");

    private static final List<String> INSTRUCTIONS =
            List.of("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS");

    private final Map<String, String> environment;
    private final int cores = Runtime.getRuntime().availableProcessors();

    /**
     * What was found.
     *
     * @param schemaVersion of this record
     * @param healthy whether nothing that Hone needs is missing
     * @param findings in the order in which they were looked at
     * @param gemmGflops fp32 matrix multiplication in a worker, 0 when no worker starts
     * @param bf16Gflops the same in bf16, 0 where the processor has too few instructions for it
     * @param gigabytesPerSecond read from memory in a worker, 0 when no worker starts
     * @param versions what looked
     */
    public record Diagnosis(
            int schemaVersion,
            boolean healthy,
            List<Finding> findings,
            double gemmGflops,
            double bf16Gflops,
            double gigabytesPerSecond,
            Map<String, String> versions) {}

    /** @param environment variables that the worker would inherit */
    public Doctor(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
    }

    /** Looks at everything; starts a worker for a few seconds. */
    public Diagnosis examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        findings.add(system(System.getProperty("os.name"), System.getProperty("os.arch")));
        findings.add(cores(cores, load()));
        findings.add(threads());
        findings.add(blas(WorkerClient.blas()));
        findings.add(instructions());
        findings.add(memory(Machine.availableMemoryBytes()));
        findings.add(cache());
        findings.add(disk("disk for temporary files", Path.of(System.getProperty("java.io.tmpdir"))));
        findings.add(database());
        findings.add(pip());
        Optional<MachineCeiling> ceiling = worker(findings);
        return new Diagnosis(
                1,
                findings.stream().noneMatch(finding -> finding.level() == Finding.Level.PROBLEM),
                findings,
                ceiling.map(MachineCeiling::gigaflops).orElse(0.0),
                ceiling.map(MachineCeiling::bf16Gigaflops).orElse(0.0),
                ceiling.map(MachineCeiling::gigabytesPerSecond).orElse(0.0),
                Versions.current());
    }

    static Finding java(int feature, String home) {
        String found = "%d in %s".formatted(feature, home);
        return feature >= OLDEST_JAVA
                ? Finding.ok("JDK", found)
                : Finding.problem("JDK", found, "install a JDK %d or newer".formatted(OLDEST_JAVA));
    }

    static Finding system(String name, String architecture) {
        String found = name + " " + architecture;
        return name.equals("Linux") && architecture.equals("amd64")
                ? Finding.ok("system", found)
                : Finding.problem("system", found, "the engine is built for Linux on x86-64 only");
    }

    static Finding cores(int cores, double load) {
        String found = "%d, load %.1f".formatted(cores, Math.max(0, load));
        if (load > 0.5 * cores) {
            return Finding.warning(
                    "cores", found, "other processes compute: wait for them, or expect a fraction of the speed");
        }
        return Finding.ok("cores", found);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private Finding threads() {
        List<String> fewer = THREADS.stream()
                .filter(name -> environment.getOrDefault(name, "").matches("\\d{1,4}")
                        && Integer.parseInt(environment.get(name)) < cores)
                .toList();
        if (!fewer.isEmpty()) {
            return Finding.warning(
                    "threads",
                    settings(fewer),
                    "unset %s to use all %d cores".formatted(String.join(" and ", fewer), cores));
        }
        return Finding.ok("threads", "all " + cores + " cores are used");
    }

    static Finding blas(String library) {
        return library.equals("MKL")
                ? Finding.ok("BLAS", library)
                : Finding.warning(
                        "BLAS",
                        library,
                        "training is slower than with MKL: leave its jar on the class path if you may");
    }

    private Finding instructions() {
        List<String> limits = INSTRUCTIONS.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .toList();
        if (!limits.isEmpty()) {
            return Finding.warning(
                    "instructions", settings(limits), "unset " + String.join(" and ", limits) + " unless you debug");
        }
        String widest = widest();
        return widest.equals("neither AVX2 nor AVX-512")
                ? Finding.warning("instructions", widest, "training will take several times as long on this processor")
                : Finding.ok("instructions", widest);
    }

    private static String widest() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String flags =
                    lines.filter(line -> line.startsWith("flags")).findFirst().orElse("") + " ";
            return flags.contains(" avx512f ")
                    ? "AVX-512"
                    : flags.contains(" avx2 ") ? "AVX2" : "neither AVX2 nor AVX-512";
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }

    private String settings(List<String> names) {
        return names.stream().map(name -> name + "=" + environment.get(name)).collect(Collectors.joining(", "));
    }

    static Finding memory(long available) {
        String found = "%.1f GiB available".formatted((double) available / GIBIBYTE);
        return available >= MEMORY_TO_TRAIN
                ? Finding.ok("memory", found)
                : Finding.warning(
                        "memory",
                        found,
                        "the demo takes about 4 GiB, and its programs beside: close others, or train with"
                                + " --micro-batch-tokens 256 --checkpointing");
    }

    private Finding cache() {
        try {
            return disk("disk for models", FileCache.of(environment).folder());
        } catch (IllegalArgumentException e) {
            return Finding.problem("disk for models", String.valueOf(e.getMessage()), "correct or unset the variable");
        }
    }

    static Finding disk(String name, Path folder) {
        try {
            Path existing = existing(folder.toAbsolutePath());
            if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
                return Finding.problem(
                        name, existing + " cannot be written", "make it a folder that you may write, or set HONE_HOME");
            }
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = "%.1f GiB free in %s".formatted((double) free / GIBIBYTE, folder);
            return free >= DISK
                    ? Finding.ok(name, found)
                    : Finding.warning(name, found, "models and libtorch need about 2 GiB: make room, or set HONE_HOME");
        } catch (IOException e) {
            return Finding.problem(name, folder + ": " + e.getMessage(), "check the disk");
        }
    }

    private static Path existing(Path path) {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null ? path : existing(parent);
    }

    /** Looks at the database without starting it. */
    private Finding database() {
        if (!environment.getOrDefault("HONE_DB_URL", "").isBlank()) {
            return Finding.ok("database", "the one that HONE_DB_URL names");
        }
        try {
            BundledDatabase.Status status = new BundledDatabase(FileCache.home(environment)).status();
            return Finding.ok(
                    "database",
                    switch (status.state()) {
                        case NONE -> "none yet; bundled PostgreSQL %s".formatted(status.version());
                        case STOPPED -> "stopped, in %s, PostgreSQL %s".formatted(status.folder(), status.version());
                        case RUNNING ->
                            "running on port %d, in %s, PostgreSQL %s"
                                    .formatted(status.port(), status.folder(), status.version());
                    });
        } catch (IOException e) {
            return Finding.problem(
                    "database", String.valueOf(e.getMessage()), "make HONE_HOME a folder that you may read");
        }
    }

    private Finding pip() {
        boolean there = List.of(environment.getOrDefault("PATH", "").split(":")).stream()
                .flatMap(folder -> List.of("pip", "pip3", "python3").stream().map(program -> Path.of(folder, program)))
                .anyMatch(Files::isExecutable);
        return there
                ? Finding.ok("pip", "found")
                : Finding.warning(
                        "pip",
                        "not on the PATH",
                        "it fetches the demo's data, and models where the hub cannot be reached: install Python's pip");
    }

    private Optional<MachineCeiling> worker(List<Finding> findings) {
        try {
            MachineCeiling ceiling = MachineCeiling.inWorker(BlockShape.SMALL);
            String found = "%.0f GFLOP/s in fp32, %s in bf16, %.0f GB/s from memory"
                    .formatted(
                            ceiling.gigaflops(),
                            ceiling.bf16Gigaflops() == 0 ? "none" : "%.0f".formatted(ceiling.bf16Gigaflops()),
                            ceiling.gigabytesPerSecond());
            findings.add(
                    ceiling.gigaflops() >= FAST_PER_CORE * cores
                            ? Finding.ok("engine", found)
                            : Finding.warning(
                                    "engine",
                                    found,
                                    "less than %.0f GFLOP/s a core: close other programs; is this machine emulated or shared?"
                                            .formatted(FAST_PER_CORE)));
            return Optional.of(ceiling);
        } catch (WorkerException e) {
            findings.add(Finding.problem(
                    "engine", String.valueOf(e.getMessage()), "build Hone again; report it if that does not help"));
            return Optional.empty();
        }
    }
}
