package dev.hone.cli;

import dev.hone.loop.Results;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hone loop --json} prints (docs/loop.md).
 *
 * @param status {@code finished}, {@code stopped}, {@code dry-run}, {@code abandoned}, or {@code elsewhere} where {@code --abandon} needs {@code --yes}
 * @param folder of the round; null where there is none
 * @param plan what a round would learn from; null but with {@code --dry-run}
 * @param obstacle what would keep it from beginning; null but with {@code --dry-run}, and where nothing does
 * @param warnings what its gates could hardly let pass; empty but with {@code --dry-run}
 */
record LoopView(
        int schemaVersion,
        String status,
        String useCase,
        @Nullable String folder,
        boolean resumed,
        @Nullable String outcome,
        @Nullable String reason,
        @Nullable String version,
        List<Step> steps,
        Results.@Nullable DatasetMade plan,
        @Nullable String obstacle,
        List<String> warnings) {
    LoopView {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /** @param result as docs/loop.md has it for each step */
    record Step(String step, double seconds, Record result) {}
}
