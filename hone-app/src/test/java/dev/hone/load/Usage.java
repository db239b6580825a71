package dev.hone.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What processes take of the machine, from {@code /proc}. */
final class Usage {
    private Usage() {}

    /** Memory of a process and those below it, in MiB. */
    static double mebibytes(long pid) throws IOException {
        double sum = 0;
        for (ProcessHandle one : family(pid)) {
            sum += kilobytes(one.pid(), "VmRSS:") / 1024.0;
        }
        return sum;
    }

    /** The most memory that one process ever had, in MiB. */
    static double mostMebibytes(long pid) throws IOException {
        return kilobytes(pid, "VmHWM:") / 1024.0;
    }

    private static long kilobytes(long pid, String what) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(what))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Time on the processor of a process and those below it. */
    static Duration processor(long pid) {
        Duration sum = Duration.ZERO;
        for (ProcessHandle one : family(pid)) {
            sum = sum.plus(one.info().totalCpuDuration().orElse(Duration.ZERO));
        }
        return sum;
    }

    private static Iterable<ProcessHandle> family(long pid) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return handle.map(
                        one -> Stream.concat(Stream.of(one), one.descendants()).toList())
                .orElse(java.util.List.of());
    }

    /** Share of the machine's processors that were at work since a moment. */
    static long[] machine() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
        long all = 0;
        for (int i = 1; i < 9; i++) {
            all += Long.parseLong(fields[i]);
        }
        return new long[] {all, Long.parseLong(fields[4]) + Long.parseLong(fields[5])};
    }
}
