package dev.hone.advise;

import dev.hone.record.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds use cases in calls, of which it looks at no name: first by templates of instructions, then by the tools that are offered, then by
 * templates in what the user says, and what is left by meaning. Deterministic; what it does not find it says.
 */
public final class UseCaseFinder {
    /** Fewer fixed words of instructions, as "You are a helpful assistant.", tell no job. */
    private static final int TELLING = 8;

    /** A part of a template's calls that has tools of its own is a job of its own from this share on. */
    private static final double OWN_PART = 0.05;

    private final int least;
    private final long seed;
    private final Listener listener;

    /** Hears how far it is. */
    public interface Listener {
        void embedded(int done, int of);
    }

    /** What a use case was told by. */
    public enum Basis {
        INSTRUCTIONS,
        TOOLS,
        QUESTIONS,
        MEANING;

        /** As reports write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A use case.
     *
     * @param template its fixed words; empty where it was told otherwise
     * @param fixed mean share of what is sent that is the same in all calls: instructions and tools
     */
    public record Found(Basis basis, String template, double fixed, List<SampledCall> calls) {
        public Found {
            calls = List.copyOf(calls);
        }
    }

    /**
     * What there is.
     *
     * @param useCases with the most calls first
     * @param rest calls of groups too small to be told, or of which nothing is known
     */
    public record Result(List<Found> useCases, List<SampledCall> rest) {
        public Result {
            useCases = List.copyOf(useCases);
            rest = List.copyOf(rest);
        }
    }

    /**
     * @param least calls of a use case
     * @param seed of all that is drawn
     */
    public UseCaseFinder(int least, long seed, Listener listener) {
        if (least < 2) {
            throw new IllegalArgumentException("A use case has at least 2 calls, not [%d]".formatted(least));
        }
        this.least = least;
        this.seed = seed;
        this.listener = listener;
    }

    /** @param embedder of texts, once those are known that will be asked for */
    public Result find(List<SampledCall> calls, Function<List<String>, Embedder> embedder) {
        List<SampledCall> rest = new ArrayList<>();
        List<SampledCall> known = new ArrayList<>();
        for (SampledCall call : calls) {
            (call.said().characters() == 0 ? rest : known).add(call);
        }
        List<Found> found = new ArrayList<>();
        List<SampledCall> left = byInstructions(known, found);
        ToolSets.Parts tools = ToolSets.of(left, least);
        tools.settled().forEach(part -> found.add(found(Basis.TOOLS, "", 1, part)));
        Openings.Parts openings = Openings.of(tools.other(), least);
        openings.byText().forEach((text, part) -> found.add(found(Basis.QUESTIONS, text, 1, part)));
        Meanings meanings = new Meanings(least, seed, listener);
        for (boolean offering : new boolean[] {false, true}) {
            List<SampledCall> lane = openings.other().stream()
                    .filter(call -> call.said().tools().isEmpty() != offering)
                    .toList();
            if (lane.size() >= least) {
                Embedder words = embedder.apply(
                        lane.stream().map(call -> call.said().user()).toList());
                meanings.find(lane, words).forEach(part -> found.add(found(Basis.MEANING, "", 1, part)));
            } else {
                rest.addAll(lane);
            }
        }
        found.stream().filter(one -> one.calls().size() < least).forEach(one -> rest.addAll(one.calls()));
        found.removeIf(one -> one.calls().size() < least);
        found.sort(Comparator.comparingInt((Found one) -> -one.calls().size())
                .thenComparing(one -> one.calls().getFirst().id()));
        return new Result(found, rest);
    }

    /** @return what no instructions tell */
    private List<SampledCall> byInstructions(List<SampledCall> calls, List<Found> found) {
        List<SampledCall> left = new ArrayList<>();
        List<SampledCall> instructed = new ArrayList<>();
        for (SampledCall call : calls) {
            (call.said().system().isBlank() ? left : instructed).add(call);
        }
        Templates templates = new Templates(
                instructed.stream().map(call -> call.said().system()).toList(), least);
        templates.groups(instructed).forEach((template, group) -> {
            if (template.words() < TELLING || group.size() < least) {
                left.addAll(group);
                return;
            }
            for (List<SampledCall> part : parts(group)) {
                found.add(found(Basis.INSTRUCTIONS, template.text(), template.fixedShare(), part));
            }
        });
        return left;
    }

    /** One, unless there are several with tools of their own; calls without belong to the largest. */
    private List<List<SampledCall>> parts(List<SampledCall> group) {
        int own = Math.max(least, (int) (OWN_PART * group.size()));
        ToolSets.Parts tools = ToolSets.of(group, least);
        List<List<SampledCall>> large =
                tools.settled().stream().filter(part -> part.size() >= own).toList();
        if (large.size() < 2) {
            return List.of(group);
        }
        List<List<SampledCall>> parts = new ArrayList<>();
        large.forEach(part -> parts.add(new ArrayList<>(part)));
        List<SampledCall> largest =
                parts.stream().max(Comparator.comparingInt(List::size)).orElseThrow();
        tools.settled().stream().filter(part -> part.size() < own).forEach(largest::addAll);
        largest.addAll(tools.other());
        return parts;
    }

    /** @param instructions share of the instructions that is fixed */
    private static Found found(Basis basis, String template, double instructions, List<SampledCall> calls) {
        double fixed = calls.stream()
                .mapToDouble(call -> (instructions * call.said().systemCharacters()
                                + call.said().toolCharacters())
                        / Math.max(1.0, call.said().characters()))
                .average()
                .orElse(0);
        return new Found(basis, template, Math.min(1, fixed), calls);
    }

    /** Share of some calls that name each use case. */
    static Map<String, Double> declared(List<SampledCall> calls) {
        Map<String, Double> shares = new HashMap<>();
        for (SampledCall call : calls) {
            if (call.useCase() != null) {
                shares.merge(call.useCase(), 1.0 / calls.size(), Double::sum);
            }
        }
        return shares;
    }
}
