package dev.hone.task;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What cannot be used of a file or of the store, for people: the first {@value #SHOWN} with place and reason, the others counted by the kind of reason.
 *
 * @param all in their order
 */
public record Faults(List<? extends Fault> all) {
    /** Named one by one. */
    public static final int SHOWN = 10;

    public Faults {
        all = List.copyOf(all);
    }

    /** How many there are of each kind. */
    public Map<String, Integer> byKind() {
        return byKind(all);
    }

    private static Map<String, Integer> byKind(List<? extends Fault> faults) {
        Map<String, Integer> kinds = new TreeMap<>();
        faults.forEach(fault -> kinds.merge(fault.kind(), 1, Integer::sum));
        return kinds;
    }

    /** A line each; empty without. */
    public String shown() {
        String first = all.stream()
                .limit(SHOWN)
                .map(fault -> "  %s: %s".formatted(fault.place(), fault.reason()))
                .collect(Collectors.joining(System.lineSeparator()));
        return all.size() <= SHOWN ? first : first + System.lineSeparator() + rest();
    }

    private String rest() {
        return byKind(all.subList(SHOWN, all.size())).entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(kind -> "%d × %s".formatted(kind.getValue(), kind.getKey()))
                .collect(Collectors.joining("; ", "  and %d more: ".formatted(all.size() - SHOWN), ""));
    }
}
