package dev.hone.serve;

import dev.hone.capture.Serving;
import dev.hone.capture.gateway.Configuration;
import dev.hone.capture.gateway.Gateway;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.promote.Following;
import dev.hone.promote.RolloutControl;
import dev.hone.promote.UseCasePlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What calls follow: what the files say, and where versions of Hone's own are. Threads share it. */
final class VersionTraffic implements Following {
    private final Gateway gateway;
    private final Set<String> measured = new HashSet<>();
    private Configuration base;

    /** @param base what the files say */
    VersionTraffic(Gateway gateway, Configuration base) {
        this.gateway = gateway;
        this.base = base;
    }

    /** The files say something else; calls follow with the next that is said of versions. */
    synchronized void base(Configuration next) {
        base = next;
    }

    @Override
    public synchronized void follow(List<Upstream> versions, List<Serving> servings) {
        gateway.configure(base.with(versions, servings));
    }

    @Override
    public boolean isKeptAway(Variant variant) {
        return gateway.isKeptAway(variant);
    }

    @Override
    public void decided(String useCase, String action) {
        gateway.metrics().decided(useCase, action);
    }

    /** Says where the versions of each use case are. */
    synchronized void measure(List<UseCasePlan> plans, RolloutControl rollouts) {
        for (UseCasePlan plan : plans) {
            String name = plan.serving().route().name();
            if (measured.add(name)) {
                gateway.metrics()
                        .gauge(
                                "hone.rollout.phase",
                                "How far a version is: 0 none, 1 waiting, 2 shadow, 3 canary, 4 ready",
                                name,
                                () -> rollouts.phase(name));
                gateway.metrics()
                        .gauge(
                                "hone.rollout.share",
                                "Share of the episodes that a version on its way has",
                                name,
                                () -> rollouts.share(name));
                gateway.metrics()
                        .gauge(
                                "hone.rollout.alarms",
                                "What somebody should look at, of versions",
                                name,
                                () -> rollouts.alarms(name).size());
            }
        }
    }
}
