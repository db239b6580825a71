package dev.hone.loop;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The digests of whole days in Hone's home: {@code digests/PROJECT/DAY.md}, and the same as {@code DAY.json}. */
public final class DigestFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path folder;

    /** @param home where Hone keeps things */
    public DigestFiles(Path home) {
        this.folder = home.resolve("digests");
    }

    /**
     * Writes the day before today of every project, once; the JSON first, so that a day whose text is there is whole.
     *
     * @return what was written
     */
    public List<Path> writeYesterday(DigestReader reader) throws IOException {
        LocalDate day = reader.today().minusDays(1);
        List<Path> written = new ArrayList<>();
        for (String project : reader.projects()) {
            Path text = folder.resolve(project).resolve(day + ".md");
            if (!Files.exists(text)) {
                Digest digest = reader.read(project, null, day);
                Files.createDirectories(folder.resolve(project));
                Durable.write(text.resolveSibling(day + ".json"), JSON.writeValueAsBytes(digest));
                Durable.write(text, DigestText.of(digest).getBytes(StandardCharsets.UTF_8));
                written.add(text);
            }
        }
        return written;
    }
}
