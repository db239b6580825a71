package dev.hone.demo;

import dev.hone.record.Task;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What users ask next, of old tools alone or of new ones among them. */
final class Questions {
    /** Of the calls, that ask for new tools when these have come. */
    private static final double NEW = 0.6;

    private final World world;
    private final SplittableRandom random;

    Questions(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** Of old tools, before new ones come. */
    Supplier<Task> before() {
        return drawn(world.oldBefore());
    }

    /** When new tools have come, before a version that learned from them. */
    Supplier<Task> shifted() {
        return mixed(world.oldBefore(), once(world.newBefore()));
    }

    /** What users send after the new version was made: none of it has been sent before. */
    Supplier<Task> after() {
        return mixed(world.oldAfter(), drawn(world.newAfter()));
    }

    /** With repetition. */
    private Supplier<Task> drawn(List<Task> pool) {
        return () -> pool.get(random.nextInt(pool.size()));
    }

    /** Each once, then with repetition. */
    private Supplier<Task> once(List<Task> pool) {
        Iterator<Task> first = pool.iterator();
        return () -> first.hasNext() ? first.next() : pool.get(random.nextInt(pool.size()));
    }

    private Supplier<Task> mixed(List<Task> old, Supplier<Task> fresh) {
        Supplier<Task> olds = once(old);
        return () -> random.nextDouble() < NEW ? fresh.get() : olds.get();
    }
}
