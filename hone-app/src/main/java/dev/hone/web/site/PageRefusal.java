package dev.hone.web.site;

/** A page that somebody does not get; the message is for them. */
final class PageRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    PageRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The same for what there is not and for what is not theirs. */
    static PageRefusal notFound() {
        return new PageRefusal(404, "There is nothing here, or it is not yours to see.");
    }

    /** What is over it. */
    String title() {
        return status >= 500 ? "Not now" : "Not here";
    }

    int status() {
        return status;
    }
}
