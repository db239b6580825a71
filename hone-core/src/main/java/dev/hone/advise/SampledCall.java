package dev.hone.advise;

import dev.hone.record.Money;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A trace as far as advice needs it. Made by {@link CallReader} and whoever reads the store; read by {@link UseCaseFinder}.
 *
 * @param id of the trace
 * @param useCase that the call named; null for none
 * @param said what was asked, and what came back
 * @param figures what it took
 * @param signal what came of it
 */
public record SampledCall(UUID id, @Nullable String useCase, Said said, Figures figures, Signal signal) {

    /**
     * What was asked and answered; texts are cut.
     *
     * @param system instructions; empty for none
     * @param user the first thing that somebody said
     * @param tools names of the offered tools, in order and each once
     * @param toolsHash of the offered tools with their schemas; 0 for none
     * @param characters of all that was sent
     * @param systemCharacters of these, in instructions
     * @param toolCharacters of these, in tools
     */
    public record Said(
            String system,
            String user,
            List<String> tools,
            long toolsHash,
            long characters,
            long systemCharacters,
            long toolCharacters,
            Reply reply) {
        /** Of a trace of which nothing is there any more, or nothing can be read. */
        public static final Said NOTHING = new Said("", "", List.of(), 0, 0, 0, 0, Reply.NONE);

        public Said {
            tools = List.copyOf(tools);
        }
    }

    /**
     * What a call took; null where it is not known.
     *
     * @param model that answered
     * @param own the version or model of one's own that answered, by its name; null for anybody else
     * @param imported whether it is a row of a file, and no call that passed
     * @param failed whether nobody answered it
     */
    public record Figures(
            @Nullable String model,
            @Nullable String own,
            boolean imported,
            boolean failed,
            @Nullable Long promptTokens,
            @Nullable Long completionTokens,
            @Nullable Money cost,
            @Nullable Double millis) {}

    /**
     * What came back on a call.
     *
     * @param given pieces of feedback, demonstrations left out
     * @param good whether it was good, by a boolean whose better side is declared; null where none says so
     * @param demonstrated whether an expert handed in the right answer
     * @param cameWith whether the right answer came with an imported row
     * @param outcome whether a business event is known
     */
    public record Signal(int given, @Nullable Boolean good, boolean demonstrated, boolean cameWith, boolean outcome) {
        public static final Signal NONE = new Signal(0, null, false, false, false);
    }
}
