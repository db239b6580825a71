package dev.hone.cli;

import dev.hone.advise.Input;
import dev.hone.advise.PriceReader;
import dev.hone.advise.Prices;
import dev.hone.evaluate.PriceList;
import dev.hone.run.Advising;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The prices that {@code hone demo} reckons with: those that {@code hone advise} has, and over them what was given as an option, which is of today. */
final class DemoPrices {
    /** Cores of the machine whose hour {@code prices.yaml} has. */
    private static final int CORES = 2;

    private final Prices listed;

    /** @param file over what comes with Hone; null for that alone */
    DemoPrices(@Nullable Path file) throws IOException {
        this.listed = file == null ? PriceReader.committed() : PriceReader.read(file);
    }

    /**
     * @param coreHour as it was given; null for that of the list
     * @param incumbent null where there is none, or its price is not known
     */
    PriceList list(@Nullable Double coreHour, PriceList.@Nullable Tokens incumbent) {
        return new PriceList(
                listed.currency(),
                coreHour == null ? coreHour() : new PriceList.Amount(coreHour, given("price")),
                incumbent);
    }

    private PriceList.Amount coreHour() {
        Prices.Stated hour = Objects.requireNonNull(listed.inputs().get(Input.MACHINE_HOUR));
        return new PriceList.Amount(
                Objects.requireNonNull(hour.value())
                        .divide(BigDecimal.valueOf(CORES))
                        .doubleValue(),
                origin(hour.origin()));
    }

    /** Of a model's tokens, as the list has it; null where it has none of its name. */
    PriceList.@Nullable Tokens tokens(String model) {
        return listed.model(model)
                .map(of -> new PriceList.Tokens(
                        of.input().doubleValue(), of.output().doubleValue(), origin(of.origin())))
                .orElse(null);
    }

    /** Of what an option says. */
    static PriceList.Origin given(String option) {
        return new PriceList.Origin(
                Instant.now().atOffset(ZoneOffset.UTC).toLocalDate().toString(), Advising.GIVEN + option, false);
    }

    private static PriceList.Origin origin(Prices.Origin origin) {
        return new PriceList.Origin(origin.date(), origin.source(), origin.assumed());
    }
}
