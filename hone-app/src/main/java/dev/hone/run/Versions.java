package dev.hone.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What computed a result. */
public final class Versions {
    private static final String FILE = "versions.properties";
    private static final Map<String, String> BUILT = built();

    private Versions() {}

    /** By name: Hone, its native libraries, Java, the system and its cores. */
    public static Map<String, String> current() {
        Map<String, String> versions = new TreeMap<>(BUILT);
        versions.put("java", System.getProperty("java.vm.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return versions;
    }

    /** What the build was made of. */
    private static Map<String, String> built() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks [" + FILE + "]");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> versions = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> versions.put(name, properties.getProperty(name)));
        return versions;
    }
}
