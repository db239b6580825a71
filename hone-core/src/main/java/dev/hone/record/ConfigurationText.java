package dev.hone.record;

import java.util.List;

/**
 * What the files said that calls and feedback followed. Made where they are read, without secrets; kept by the store.
 *
 * @param hash SHA-256 of the files as they stood there, in hexadecimal
 * @param files in the order in which they are hashed
 */
public record ConfigurationText(String hash, List<File> files) {
    public ConfigurationText {
        files = List.copyOf(files);
    }

    /**
     * One of them.
     *
     * @param text without what looked like a secret
     */
    public record File(String name, String text) {}
}
