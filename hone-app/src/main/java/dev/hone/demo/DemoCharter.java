package dev.hone.demo;

/** What a world's use case is judged by, watched by, rolled out by, and trained anew by without anybody's word, as the text of a charter. */
public final class DemoCharter {
    private static final String COMPARED = "quality: {not-worse-than: 0.05}, ";

    private DemoCharter() {}

    public static String of(World world, Plan plan) {
        return """
                name: %s
                owner: The demo of the loop
                job: What simulated users ask for.
                good: %s
                viewers: [everyone]
                variants: {incumbent: {upstream: general, model: general}}
                feedback: {%s: {kind: boolean, direction: higher}}
                improve: {sample: 1, calls-a-day: 100000, labels: 100000, drift-labels: %d, second-labels: 0, schedule: never, cool-down: 1min, drift: {window: %s, against: 120min, alpha: 0.01, feedback: 5s}}
                gates: {%ssample-size: 40}
                promote: {mode: %s, rows: 16, shadow-calls: 40, shares: [0.25, 0.5], calls: 40, alpha: 0.01, loss: 0.1, measures: [answered, feedback], automatic: true, silent-after: 10min}
                loop: {unattended: true, from: [%s], model: '%s', epochs: %s, rate: %s, replay: 1, least-tasks: 50, judge: %s}
                """.formatted(
                        world.useCase().data().name(),
                        world.good(),
                        Users.HELPED,
                        plan.labels(),
                        plan.quick() ? "1min" : "3min",
                        COMPARED,
                        plan.quick() ? "exact" : "fast",
                        plan.quick() ? "live, base" : "live",
                        world.model(),
                        plan.quick() ? 8 : 3,
                        plan.quick() ? "0.005" : "0.001",
                        plan.judge());
    }

    /** That of its first version: it has to be judged on tasks enough, and is compared with nothing. */
    public static String ofFirst(World world, Plan plan) {
        return of(world, plan).replace(COMPARED, "");
    }
}
