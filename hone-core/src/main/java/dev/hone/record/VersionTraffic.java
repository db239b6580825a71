package dev.hone.record;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Calls that a model version answered, by the day (UTC) on which they began. Read from the store, as far as there was time for it.
 *
 * @param days on which it answered any, the newest first
 * @param uncounted days of which more may be its own, the newest first
 */
public record VersionTraffic(List<Day> days, List<Uncounted> uncounted) {
    public VersionTraffic {
        days = List.copyOf(days);
        uncounted = List.copyOf(uncounted);
    }

    /**
     * Calls of a day.
     *
     * @param live of users, which it answered while it was live
     * @param candidate of users, which it answered while it was being rolled out
     * @param copies that it answered for nobody
     */
    public record Day(LocalDate day, long live, long candidate, long copies) {}

    /**
     * A day whose calls were not looked through, or not all.
     *
     * @param most calls of that day, copies with them, that some version of the use case answered, or was asked for last
     * @param gone whether retention has taken them; else there are too many for the time that there was
     */
    public record Uncounted(LocalDate day, long most, boolean gone) {}

    public long live() {
        return sum(Day::live);
    }

    public long candidate() {
        return sum(Day::candidate);
    }

    public long copies() {
        return sum(Day::copies);
    }

    /** Calls of users that it answered. */
    public long users() {
        return live() + candidate();
    }

    private long sum(ToLongFunction<Day> calls) {
        return days.stream().mapToLong(calls).sum();
    }

    /** What is known, and then what is not, for people. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                days.isEmpty()
                        ? uncounted.isEmpty()
                                ? "it answered no call"
                                : "it answered no call of the days that were counted"
                        : "it answered %s calls of users (%s as live, %s as candidate) and %s copies for nobody, %s"
                                .formatted(
                                        shown(users()),
                                        shown(live()),
                                        shown(candidate()),
                                        shown(copies()),
                                        on(days.stream().map(Day::day).toList())));
        uncounted(sentences, false, "no time was left for their calls");
        uncounted(sentences, true, "retention has taken the calls");
        return sentences;
    }

    private void uncounted(List<String> sentences, boolean gone, String why) {
        List<Uncounted> some =
                uncounted.stream().filter(one -> one.gone() == gone).toList();
        if (!some.isEmpty()) {
            sentences.add("not counted %s: %s (at most %s, of all versions)"
                    .formatted(
                            on(some.stream().map(Uncounted::day).toList()),
                            why,
                            shown(some.stream().mapToLong(Uncounted::most).sum())));
        }
    }

    /** @param days the newest first */
    private static String on(List<LocalDate> days) {
        return days.size() == 1
                ? "on " + days.getFirst()
                : "on %d days from %s to %s".formatted(days.size(), days.getLast(), days.getFirst());
    }

    private static String shown(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
