package dev.hone.web.site;

/** Instead of a page: why there is none. */
public record RefusalPage(Shell shell, String message) {}
