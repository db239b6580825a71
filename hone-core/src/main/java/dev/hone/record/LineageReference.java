package dev.hone.record;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** How users name something in the chain from a trace to what was learned from it. */
public sealed interface LineageReference {
    Pattern TRACE = Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    Pattern HASH = Pattern.compile("[0-9a-f]{4,64}");
    int LONGEST_SHOWN = 100;

    /** A trace by its identifier. */
    record OfTrace(UUID id) implements LineageReference {}

    /** A dataset by the beginning of its hash. */
    record OfDataset(String start) implements LineageReference {}

    /** A model version. */
    record OfVersion(VersionReference version) implements LineageReference {}

    /** @throws IllegalArgumentException when a text is none of these */
    static LineageReference of(String text) {
        if (TRACE.matcher(text).matches()) {
            return new OfTrace(UUID.fromString(text));
        }
        Optional<VersionReference> version = VersionReference.parse(text);
        if (version.isPresent()) {
            return new OfVersion(version.get());
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (HASH.matcher(lower).matches()) {
            return new OfDataset(lower);
        }
        String shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
        throw new IllegalArgumentException(
                "[%s] names nothing that has a lineage: give a trace's id (hone traces list), four digits at least of a dataset's hash (hone tasks list), or a version as USE_CASE/NUMBER or USE_CASE@ALIAS (hone models list)"
                        .formatted(shown));
    }
}
