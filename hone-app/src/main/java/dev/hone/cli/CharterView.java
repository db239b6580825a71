package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.LoopRules;
import dev.hone.grade.GraderDefinition;
import dev.hone.improve.ImproveReader;
import dev.hone.improve.Improving;
import dev.hone.promote.Measure;
import dev.hone.promote.Promotion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A charter as {@code hone check} understood it. */
record CharterView(
        String name,
        String owner,
        String job,
        Map<String, Object> good,
        @Nullable Double costPerThousand,
        @Nullable Double p95Ms,
        List<String> viewers,
        @Nullable GatesView gates,
        @Nullable Promoted promote,
        Improve improve,
        LoopRules loop) {

    private static final String UNJUDGED =
            "nothing by which its versions are compared says how good an answer is: declare a metric under [feedback], or label calls and list [quality] under [measures] of [promote] (docs/rollout.md)";

    /**
     * How its own versions come to its calls.
     *
     * @param warning what somebody should know of it; null for nothing
     */
    record Promoted(
            String mode,
            long shadowCalls,
            List<Double> shares,
            long calls,
            double alpha,
            double loss,
            double beyond,
            List<String> measures,
            boolean automatic,
            double silentAfterSeconds,
            @Nullable String warning) {
        static @Nullable Promoted of(@Nullable Promotion promotion) {
            return promotion == null
                    ? null
                    : new Promoted(
                            promotion.computed().mode().name().toLowerCase(Locale.ROOT),
                            promotion.shadowCalls(),
                            promotion.policy().shares(),
                            promotion.policy().calls(),
                            promotion.policy().alpha(),
                            promotion.policy().loss(),
                            promotion.policy().beyond(),
                            promotion.measures().stream().map(Measure::word).toList(),
                            promotion.policy().promotes(),
                            promotion.silentAfter().toMillis() / 1e3,
                            promotion.isByAnswers() ? null : UNJUDGED);
        }

        String sentence() {
            return "%d copies, then %s of the episodes with %d values each of %s; worse by chance %s, promoted %s where it is not worse by %s"
                    .formatted(
                            shadowCalls,
                            shares,
                            calls,
                            String.join(", ", measures),
                            alpha,
                            automatic ? "by itself" : "by a person",
                            loss);
        }
    }

    /** How it is watched, and what starts a loop. */
    record Improve(
            double sample,
            int callsADay,
            String window,
            String against,
            double alpha,
            String feedback,
            int labels,
            int driftLabels,
            double secondLabels,
            String schedule,
            String coolDown) {
        static Improve of(Improving improving) {
            return new Improve(
                    improving.sample(),
                    improving.callsADay(),
                    ImproveReader.text(improving.drift().window()),
                    ImproveReader.text(improving.drift().against()),
                    improving.drift().alpha(),
                    ImproveReader.text(improving.drift().feedback()),
                    improving.labels(),
                    improving.driftLabels(),
                    improving.secondLabels(),
                    improving.schedule() == null ? "never" : ImproveReader.text(improving.schedule()),
                    ImproveReader.text(improving.coolDown()));
        }
    }

    static CharterView of(Charter charter) {
        Duration p95 = charter.constraints().p95();
        return new CharterView(
                charter.name(),
                charter.owner(),
                charter.job(),
                good(charter.good()),
                charter.constraints().costPerThousand(),
                p95 == null ? null : p95.toNanos() / 1e6,
                charter.viewers(),
                charter.gates() == null ? null : GatesView.of(charter.gates()),
                Promoted.of(charter.promotion()),
                Improve.of(charter.improving()),
                charter.loop());
    }

    private static Map<String, Object> good(GraderDefinition definition) {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("kind", definition.kind());
        switch (definition) {
            case GraderDefinition.StringCheck check ->
                good.put("operation", check.operation().name().toLowerCase(Locale.ROOT));
            case GraderDefinition.Label label -> good.put("classes", label.classes());
            case GraderDefinition.JsonSchema schema ->
                good.put("schema", JsonMapper.shared().readTree(schema.schema()));
            case GraderDefinition.Numeric numeric -> good.put("tolerance", numeric.tolerance());
            case GraderDefinition.Taxonomy taxonomy -> good.put("parents", taxonomy.parents());
            case GraderDefinition.ToolCall call -> {}
            case GraderDefinition.Multi multi ->
                good.put("parts", multi.parts().stream().map(CharterView::part).toList());
        }
        return good;
    }

    private static Map<String, Object> part(GraderDefinition.Multi.Part part) {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("name", part.name());
        good.put("weight", part.weight());
        good.putAll(good(part.grader()));
        return good;
    }

    void print() {
        System.out.printf("%s: %s%n", name, job);
        System.out.printf("  owner      %s%n", owner);
        System.out.printf("  good       %s%n", sentence(good));
        System.out.printf(
                "  cost       %s%n",
                costPerThousand == null ? "no limit" : "at most %s a thousand requests".formatted(costPerThousand));
        System.out.printf(
                "  latency    %s%n",
                p95Ms == null ? "no limit" : String.format(Locale.ROOT, "p95 at most %.0f ms", p95Ms));
        System.out.printf(
                "  viewers    %s (not enforced: who can see it, the roles in its project decide)%n",
                String.join(", ", viewers));
        if (gates != null) {
            gates.print();
        }
        if (promote != null) {
            System.out.printf("  promote    %s%n", promote.sentence());
            if (promote.warning() != null) {
                System.out.printf("  warning    %s%n", promote.warning());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  watched    %s of its calls, %d a day at most; drift of %s against %s, false alarms at most %s%n",
                improve.callsADay() == 0 ? "none" : String.format(Locale.ROOT, "%.3g %%", 100 * improve.sample()),
                improve.callsADay(),
                improve.window(),
                improve.against(),
                improve.alpha());
        System.out.printf(
                Locale.ROOT,
                "  loop       by drift with %d labels, %d labels (%.3g %% of them by two), or schedule (%s); %s apart at least%n",
                Math.min(improve.labels(), improve.driftLabels()),
                improve.labels(),
                100 * improve.secondLabels(),
                improve.schedule(),
                improve.coolDown());
        System.out.printf(
                Locale.ROOT,
                "  rounds     %s, from %s of %s, %s epochs, %d tasks at least, judged by %.3g %% of what is watched%s%n",
                loop.unattended() ? "by themselves" : "by a person",
                loop.from(),
                loop.model(),
                loop.epochs(),
                loop.leastTasks(),
                100 * loop.judge(),
                loop.hours() == null ? "" : String.format(Locale.ROOT, ", %s hours a month", loop.hours()));
    }

    private static String sentence(Map<String, Object> good) {
        return good.entrySet().stream()
                .map(entry -> switch (entry.getValue()) {
                    case Map<?, ?> map -> "%d %s".formatted(map.size(), entry.getKey());
                    case List<?> list -> "%d %s".formatted(list.size(), entry.getKey());
                    case Object value ->
                        entry.getKey().equals("kind") ? value.toString() : "%s %s".formatted(entry.getKey(), value);
                })
                .collect(Collectors.joining(", "));
    }
}
