package dev.hone.run;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What computed a result. */
public final class Versions {
    private Versions() {}

    /** By name: Hone, Java, the system and processor. */
    public static Map<String, String> current() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("hone", orUnknown(Versions.class.getPackage().getImplementationVersion()));
        versions.put("java", System.getProperty("java.vm.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return versions;
    }

    private static String orUnknown(@Nullable String version) {
        return Objects.requireNonNullElse(version, "development");
    }
}
