package dev.hone.charter;

import dev.hone.record.ConfigurationText;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.record.VersionReference.Numbered;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlNode;
import dev.hone.settings.YamlNode.Mapping;
import dev.hone.settings.YamlNode.Scalar;
import dev.hone.settings.YamlReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What gateways serve and gate, by what the store has of their files: read as YAML, and no further, since another Hone may have followed them. Where that cannot be done, since what looked
 * like a secret was taken out, say, whatever is mentioned counts.
 */
public final class FollowedFiles {
    private FollowedFiles() {}

    /** Whether {@code models} serve a version by its number, whichever project they name. */
    public static boolean serve(ConfigurationText files, ModelVersion version) {
        return files.files().stream().anyMatch(file -> serves(file, version));
    }

    private static boolean serves(ConfigurationText.File file, ModelVersion version) {
        Optional<YamlNode> read = read(file);
        if (read.isEmpty()) {
            return file.text().contains(version.reference());
        }
        return member(read.get(), "models") instanceof Mapping models
                && models.entries().values().stream()
                        .anyMatch(model -> member(model, "version") instanceof Scalar named
                                && VersionReference.parse(named.text()).orElse(null) instanceof Numbered numbered
                                && numbered.useCase().equals(version.useCase())
                                && numbered.number() == version.number());
    }

    /** Whether the charter of a use case declares gates. */
    public static boolean gate(ConfigurationText files, String useCase) {
        return files.files().stream()
                .filter(file -> file.name().equals(useCase + CharterReader.END))
                .anyMatch(file -> read(file)
                        .map(root -> member(root, GateReader.KEY) != null)
                        .orElseGet(() -> file.text().contains(GateReader.KEY)));
    }

    private static Optional<YamlNode> read(ConfigurationText.File file) {
        try {
            return Optional.of(YamlReader.read(file.name(), file.text()));
        } catch (SettingsException e) {
            return Optional.empty();
        }
    }

    private static @Nullable YamlNode member(YamlNode node, String key) {
        return node instanceof Mapping mapping ? mapping.entries().get(key) : null;
    }
}
