package dev.hone.train;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a worker process is started. The variables must be in its environment before libtorch loads: libgomp and MKL read
 * them in their constructors, and they decide speed by a factor of four (docs/decisions/0003-worker-process.md).
 *
 * @param java the {@code java} executable
 * @param options of the virtual machine
 * @param environment added to this process's own
 * @param mainClass of the worker
 */
record WorkerSettings(Path java, List<String> options, Map<String, String> environment, String mainClass) {
    /**
     * oneDNN compiles a product for every shape, and batches rarely have the same number of tokens twice: its 1,024 would take
     * a hundred MiB over some hundred steps. This many serve all layers of a step.
     */
    private static final String COMPILED_PRODUCTS = "64";

    private static final long MEBIBYTE = 1 << 20;

    /** libgomp spins for milliseconds by default: beside another busy process that made training 25 times slower. */
    private static final String SPINS = "5000";

    WorkerSettings {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** For this machine: MKL where its libraries are on the class path, OpenBLAS with tamed threads elsewhere. */
    static WorkerSettings forThisMachine(Class<?> main) {
        List<String> options = new ArrayList<>(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dfile.encoding=UTF-8",
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-Xmx" + heapMebibytes() + "m"));
        Map<String, String> environment = new LinkedHashMap<>();
        if (mklAvailable()) {
            options.add("-Dorg.bytedeco.openblas.load=mkl");
            environment.put("MKL_THREADING_LAYER", "GNU");
            environment.put("GOMP_SPINCOUNT", SPINS);
        } else {
            environment.put("GOMP_SPINCOUNT", "0");
        }
        environment.put("MALLOC_ARENA_MAX", "1");
        environment.put("MALLOC_MMAP_THRESHOLD_", Long.toString(1 << 30));
        environment.put("MALLOC_TRIM_THRESHOLD_", Long.toString(Long.MAX_VALUE));
        environment.put("MALLOC_TOP_PAD_", Long.toString(64 * MEBIBYTE));
        environment.put("ONEDNN_PRIMITIVE_CACHE_CAPACITY", COMPILED_PRODUCTS);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new WorkerSettings(java, options, environment, main.getName());
    }

    /** Whether MKL's libraries for this machine are on the class path. */
    static boolean mklAvailable() {
        return "amd64".equals(System.getProperty("os.arch"))
                && WorkerSettings.class.getResource("/org/bytedeco/mkl/linux-x86_64/libmkl_rt.so.2") != null;
    }

    WorkerSettings withOption(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new WorkerSettings(java, more, environment, mainClass);
    }

    /** A quarter of the machine's memory within [512 MiB, 3 GiB]: batches and loading buffers; tensors are outside the heap. */
    private static long heapMebibytes() {
        long total = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return Math.clamp(total / 4 / MEBIBYTE, 512, 3072);
    }
}
