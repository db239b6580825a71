package dev.hone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every source file is as palantir-java-format prints it. It runs here, in the tests' JVM, because it parses with the
 * compiler of the JVM it runs in, and Maven's own may be older than the sources.
 */
class SourceFormatTest {
    private static final boolean APPLY = Boolean.getBoolean("hone.format");
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    @Test
    void everySourceFileIsFormatted() throws IOException, FormatterException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("hone-core", "hone-engine", "hone-app")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertTrue(sources.size() > 100, "only " + sources.size() + " sources were found");
        List<Path> different = new ArrayList<>();
        for (Path source : sources) {
            String text = Files.readString(source);
            String formatted = FORMATTER.formatSource(ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.PALANTIR));
            if (!formatted.equals(text)) {
                if (APPLY) {
                    Files.writeString(source, formatted);
                } else {
                    different.add(root.relativize(source));
                }
            }
        }
        assertEquals(List.of(), different, "Format them: .ci/format");
    }
}
