package dev.hone.capture.route;

/**
 * A way to serve a use case. Read from its charter; chosen by a {@link Route}.
 *
 * @param name unique in its route
 * @param upstream name of the server that has the model
 * @param model what that server calls it
 * @param weight share of the traffic, against the other variants; 0 for one that is only a fallback or a shadow
 * @param redacted whether it sees what is stored, and not what was said: then its answers get back what was taken out
 */
public record Variant(String name, String upstream, String model, double weight, boolean redacted) {
    /** Whether it is a version of Hone's own: no declared server can have a name with a slash. */
    public boolean isOwn() {
        return upstream.indexOf('/') >= 0;
    }

    public Variant {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The weight of variant [%s] must be 0 or more, not [%s]".formatted(name, weight));
        }
    }
}
