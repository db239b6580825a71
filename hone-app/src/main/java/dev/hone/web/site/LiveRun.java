package dev.hone.web.site;

import dev.hone.web.site.RunFolders.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says each step of a run as it is written: an event {@code step} with its figures, whose id is the step; {@code again} when a run that was
 * resumed has taken steps back; {@code end} when the run is finished.
 */
final class LiveRun implements Answer.Source {
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int BEATS = 15;
    private static final int LONGEST = 1 << 20;

    private final Folder folder;
    private long last;

    /** @param last the step after which to begin */
    LiveRun(Folder folder, long last) {
        this.folder = folder;
        this.last = last;
    }

    @Override
    public void speak(Answer.Listener listener) throws IOException, InterruptedException {
        long offset = 0;
        for (int pauses = 0; !listener.isEnding(); pauses++) {
            boolean finished = folder.isFinishedNow();
            long size = size();
            if (size < offset) {
                listener.event("again", "0", "{}");
                offset = 0;
                last = 0;
            }
            long read = read(listener, offset);
            offset += read;
            if (finished && read == 0) {
                listener.event("end", Long.toString(last), "{}");
                return;
            }
            if (read == 0) {
                if (pauses % BEATS == 0) {
                    listener.beat();
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private long size() throws IOException {
        try {
            return Files.size(folder.metrics());
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Says whole lines from a place on; returns how many bytes these are. */
    private long read(Answer.Listener listener, long offset) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(folder.metrics())) {
            in.skipNBytes(offset);
            bytes = in.readNBytes(LONGEST);
        } catch (NoSuchFileException e) {
            return 0;
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n")) {
            JsonNode step = RunFolders.parse(line);
            long number = step.path("step").asLong(0);
            if (number > last) {
                last = number;
                listener.event("step", Long.toString(number), figures(step).toString());
            }
        }
        // A line that is longer than anything that a run writes is none: what stands there is passed over.
        return end == 0 && bytes.length == LONGEST ? bytes.length : end;
    }

    /** Its numbers alone. */
    private static ObjectNode figures(JsonNode step) {
        ObjectNode figures = JsonMapper.shared().createObjectNode();
        step.properties().forEach(field -> {
            if (field.getValue().isNumber()) {
                figures.set(field.getKey(), field.getValue());
            }
        });
        return figures;
    }
}
