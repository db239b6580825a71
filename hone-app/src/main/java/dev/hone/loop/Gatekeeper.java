package dev.hone.loop;

import dev.hone.loop.Results.Judged;
import dev.hone.record.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;

/** What judges a version before it gets any traffic, and keeps the verdict. */
interface Gatekeeper {
    /** Why no version could pass; empty where one could. */
    String obstacle();

    /**
     * Judges a version; one that was judged by this report before is not judged again.
     *
     * @param report that has the version and what it would replace
     * @param forgetting whether it still can what the live version can; without that it does not pass
     */
    Judged judge(ModelVersion version, Path report, Forgetting forgetting, String who) throws IOException;
}
