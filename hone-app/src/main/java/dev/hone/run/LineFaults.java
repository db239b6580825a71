package dev.hone.run;

import dev.hone.task.Faults;
import dev.hone.task.LineFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The bad lines of a file, and what is said about them. */
final class LineFaults {
    private final List<LineFault> faults = new ArrayList<>();

    void add(LineFault fault) {
        faults.add(fault);
    }

    int count() {
        return faults.size();
    }

    List<LineFault> all() {
        return List.copyOf(faults);
    }

    /** Those that stand first in the file. */
    List<LineFault> first() {
        return inOrder().stream().limit(Faults.SHOWN).toList();
    }

    /** How many there are, by the kind of reason. */
    Map<String, Integer> byKind() {
        return new Faults(faults).byKind();
    }

    private List<LineFault> inOrder() {
        return faults.stream()
                .sorted(Comparator.comparingInt(LineFault::number))
                .toList();
    }

    /**
     * For a file that is imported.
     *
     * @param rows that are good
     * @param skipBad whether bad lines are left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not left out, or none is good
     */
    void requireImportable(Path file, int rows, boolean skipBad) {
        if (!skipBad) {
            require(file, rows, "; nothing was imported", "%nMend them, or leave them out with --skip-bad".formatted());
        }
        requireRows(file, rows);
    }

    /**
     * For a file that is learned from.
     *
     * @param rows that are good
     * @param skipBad whether bad lines are left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not left out, or none is good
     */
    void requireGood(Path file, int rows, boolean skipBad) {
        if (!skipBad) {
            require(file, rows, "", "%nMend them, or leave them out with --skip-bad".formatted());
        }
        requireRows(file, rows);
    }

    /**
     * For a file of which every line counts.
     *
     * @param rows that are good
     * @throws IllegalArgumentException when a line is bad, or there is none
     */
    void requireNone(Path file, int rows) {
        require(file, rows, "", "");
        requireRows(file, rows);
    }

    private void require(Path file, int rows, String came, String remedy) {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("[%s] has [%d] bad lines of [%d]%s:%n%s%s"
                    .formatted(file, count(), rows + count(), came, shown(), remedy));
        }
    }

    private void requireRows(Path file, int rows) {
        if (rows <= 0) {
            throw new IllegalArgumentException(
                    faults.isEmpty()
                            ? "[%s] is empty: it needs one JSON object a line".formatted(file)
                            : "[%s] has no good line:%n%s".formatted(file, shown()));
        }
    }

    private String shown() {
        return new Faults(inOrder()).shown();
    }
}
