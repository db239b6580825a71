package dev.hone.loop;

import dev.hone.fetch.Hashes;
import dev.hone.loop.Results.Judged;
import dev.hone.promote.Gates;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.run.Gating;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gates of a charter, with verdicts in the store. */
final class StoreGatekeeper implements Gatekeeper {
    private final Gating gating;
    private final GateVerdicts verdicts;
    private final @Nullable Gates gates;
    private final String useCase;
    private final String project;

    StoreGatekeeper(Database database, @Nullable Gates gates, String useCase, String project) {
        this.gating = new Gating(database);
        this.verdicts = new GateVerdicts(database);
        this.gates = gates;
        this.useCase = useCase;
        this.project = project;
    }

    @Override
    public String obstacle() {
        return gates == null
                ? "The charter of [%s] has no [gates], so that no version could pass: declare some (docs/charter.md)"
                        .formatted(useCase)
                : "";
    }

    @Override
    public Judged judge(ModelVersion version, Path report, Forgetting forgetting, String who) throws IOException {
        if (gates == null) {
            return new Judged(false, List.of(obstacle()));
        }
        String hash = Hashes.sha256(Files.readString(report));
        ModelVersion live = gating.live(version, project);
        UUID against = live == null ? null : live.id();
        Optional<GateVerdict> before = verdicts.last(version.id())
                .filter(verdict -> isOf(verdict, hash)
                        && gates.hash().equals(verdict.gates())
                        && Objects.equals(against, verdict.baseline()));
        GateVerdict verdict = before.isPresent()
                ? before.get()
                : gating.judge(
                                new Gating.Order(version, project, gates, report, List.of(), null, null, who),
                                new Gating.Beside(forgetting.passes(), forgetting.sentence()))
                        .kept();
        return new Judged(verdict.passed(), sentences(verdict));
    }

    private static boolean isOf(GateVerdict verdict, String report) {
        return JsonMapper.shared()
                .readTree(verdict.evidence())
                .path("report")
                .asString("")
                .equals(report);
    }

    private static List<String> sentences(GateVerdict verdict) {
        List<String> sentences = new ArrayList<>();
        JsonNode evidence = JsonMapper.shared().readTree(verdict.evidence());
        for (JsonNode line : evidence.path("lines")) {
            sentences.add("%s %s: %s"
                    .formatted(
                            line.path("gate").asString(""),
                            line.path("state").asString(""),
                            line.path("sentence").asString("")));
        }
        String beside = evidence.path(Gating.BESIDE).asString("");
        if (!beside.isEmpty()) {
            sentences.add(beside);
        }
        return sentences;
    }
}
