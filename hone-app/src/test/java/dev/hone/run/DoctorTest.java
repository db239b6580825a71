package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
    private static Finding find(Doctor.Diagnosis diagnosis, String name) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMachineThatRunsTheseTestsIsHealthy() {
        Doctor.Diagnosis diagnosis = new Doctor(Map.of("PATH", System.getenv("PATH"))).examine();
        assertTrue(diagnosis.healthy(), diagnosis::toString);
        assertTrue(diagnosis.gemmGflops() > 1 && diagnosis.gigabytesPerSecond() > 0.1, diagnosis::toString);
        assertEquals(Level.OK, find(diagnosis, "JDK").level());
        assertEquals(Level.OK, find(diagnosis, "threads").level());
    }

    @Test
    void settingsThatMakeItSlowAreNamedWithTheRemedy(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Doctor.Diagnosis diagnosis = new Doctor(
                        Map.of("OMP_NUM_THREADS", "0", "ATEN_CPU_CAPABILITY", "default", "HONE_HOME", file.toString()))
                .examine();
        assertTrue(find(diagnosis, "threads").remedy().contains("unset OMP_NUM_THREADS"), diagnosis::toString);
        assertEquals(
                "ATEN_CPU_CAPABILITY=default", find(diagnosis, "instructions").found());
        assertEquals(Level.WARNING, find(diagnosis, "pip").level());
        assertEquals(Level.PROBLEM, find(diagnosis, "disk for models").level());
        assertFalse(diagnosis.healthy());
    }

    @Test
    void whatIsMissingIsAProblemAndWhatIsScarceAWarning() {
        assertEquals(Level.PROBLEM, Doctor.java(21, "/jdk").level());
        assertEquals(Level.PROBLEM, Doctor.system("Mac OS X", "aarch64").level());
        assertEquals(Level.WARNING, Doctor.cores(2, 1.9).level());
        assertEquals(Level.OK, Doctor.cores(2, -1).level());
        assertEquals(Level.OK, Doctor.blas("MKL").level());
        assertEquals(Level.WARNING, Doctor.blas("OpenBLAS").level());
        assertEquals(Level.WARNING, Doctor.memory(3L << 30).level());
        assertEquals(Level.OK, Doctor.memory(8L << 30).level());
    }
}
