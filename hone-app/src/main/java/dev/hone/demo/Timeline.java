package dev.hone.demo;

import dev.hone.evaluate.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What happened, by seconds since the beginning: calls of users with what they were worth, and events. Threads share it. */
final class Timeline {
    private final long startNanos = System.nanoTime();
    private final List<Call> calls = new ArrayList<>();
    private final List<Story.Event> events = new ArrayList<>();

    /**
     * A call of a user.
     *
     * @param variant who answered; empty where nobody did
     * @param fresh whether it was of a tool that came later
     * @param right whether the answer was right, by the world's own knowledge
     */
    record Call(double seconds, String variant, boolean fresh, boolean right, double millis) {}

    double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    synchronized void add(Call call) {
        calls.add(call);
    }

    synchronized void event(String kind, String words) {
        events.add(new Story.Event(now(), kind, words));
    }

    synchronized List<Story.Event> events() {
        return List.copyOf(events);
    }

    synchronized int count() {
        return calls.size();
    }

    /** The share of right answers among some calls, from a moment to another. */
    synchronized Story.Share share(String name, double from, double to, Predicate<Call> which) {
        int right = 0;
        int all = 0;
        for (Call call : calls) {
            if (call.seconds() >= from && call.seconds() < to && which.test(call)) {
                all++;
                right += call.right() ? 1 : 0;
            }
        }
        return new Story.Share(name, all, right, all == 0 ? null : Interval.wilson(right, all));
    }

    /** Calls in their order, so many to a point; the rest of a line is a point of its own where it is half as many at least. */
    synchronized List<Story.Line> lines(int perPoint) {
        TreeMap<String, List<Call>> lines = new TreeMap<>();
        List<Call> ordered = new ArrayList<>(calls);
        ordered.sort(Comparator.comparingDouble(Call::seconds));
        for (Call call : ordered) {
            lines.computeIfAbsent(call.fresh() ? "new tools" : "old tools", name -> new ArrayList<>())
                    .add(call);
        }
        List<Story.Line> made = new ArrayList<>();
        lines.forEach((name, all) -> {
            List<Story.Point> points = new ArrayList<>();
            for (int from = 0; from < all.size(); from += perPoint) {
                List<Call> part = all.subList(from, Math.min(from + perPoint, all.size()));
                if (2 * part.size() >= perPoint) {
                    int right = (int) part.stream().filter(Call::right).count();
                    points.add(new Story.Point(
                            part.stream().mapToDouble(Call::seconds).average().orElse(0),
                            part.size(),
                            Interval.wilson(right, part.size())));
                }
            }
            made.add(new Story.Line(name, points));
        });
        return made;
    }

    /** By who answered, in the order of their first answers. */
    synchronized List<String> variants() {
        return calls.stream().map(Call::variant).distinct().toList();
    }
}
