package dev.hone.capture.journal;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/** A journal on files that forget what was not forced, for tests of other packages. */
public final class PowerFailure {
    private final ForgetfulFiles files = new ForgetfulFiles();

    /** A journal that stands for the machine's. */
    public Journal journal(Journal.Options options) throws IOException {
        return new Journal(files, options);
    }

    /** What a machine finds that starts after the power failed at this moment. */
    public List<byte[]> after(Random random) throws IOException {
        ForgetfulFiles left = files.afterPowerFailure(random);
        try (Journal journal = new Journal(left, Journal.Options.STANDARD)) {
            return journal.read(Position.START, Long.MAX_VALUE).records();
        }
    }
}
