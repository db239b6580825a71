package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import java.util.List;

/** The gateway, as whoever decides about versions sees it. */
public interface Following {
    /** Calls from here on follow this. @param versions servers of Hone's own that answer */
    void follow(List<Upstream> versions, List<Serving> servings);

    /** Whether calls are kept away from a variant, since it fails. */
    boolean isKeptAway(Variant variant);

    /** Something was decided about a use case. @param action in a word */
    void decided(String useCase, String action);
}
