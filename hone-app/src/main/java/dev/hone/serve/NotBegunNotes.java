package dev.hone.serve;

import dev.hone.charter.Charter;
import dev.hone.improve.ImproveReader;
import dev.hone.loop.NotBegun;
import dev.hone.watch.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Says once why no round begins, where one is due or the last did not end well, and again when that changes: to who reads what the gateway says, and in a file for
 * the pages.
 */
final class NotBegunNotes {
    /** No line that counts is longer. */
    private static final int LINE = 8 << 10;

    private final Path home;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Map<String, String> standing = new HashMap<>();

    /** @param home where Hone keeps things */
    NotBegunNotes(Path home, InstantSource clock, Consumer<String> notices) {
        this.home = home;
        this.clock = clock;
        this.notices = notices;
    }

    void against(Charter charter, String reason) throws IOException {
        if (reason.equals(standing.get(charter.name()))) {
            return;
        }
        new NotBegun(clock.instant(), reason).write(home, Subject.project(charter), charter.name());
        standing.put(charter.name(), reason);
        notices.accept("No loop of [%s] begins: %s".formatted(charter.name(), reason));
    }

    /** The last round did not come to a rollout. @param rest in which none begins */
    void ended(Charter charter, int exit, Duration rest) throws IOException {
        Path log = LoopProcess.log(home);
        against(
                charter,
                exit == 1
                        ? "the last ended without a rollout, or failed: hone digest and its log [%s] say why; none is begun for %s"
                                .formatted(log, ImproveReader.text(rest))
                        : "the last did not end well (exit %d), and none is begun for %s; its log [%s] ends with: %s"
                                .formatted(exit, ImproveReader.text(rest), log, last(log)));
    }

    /** The last line of a log, which is what a round that could not begin says. */
    private static String last(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "nothing";
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            ByteBuffer end = ByteBuffer.allocate(LINE);
            channel.position(Math.max(0, channel.size() - LINE));
            while (end.hasRemaining() && channel.read(end) >= 0) {}
            return new String(end.array(), 0, end.position(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((before, line) -> line)
                    .orElse("nothing");
        }
    }

    /** Nothing stands against a round: one begins, or none is due. */
    void nothing(Charter charter) throws IOException {
        if (!"".equals(standing.get(charter.name()))) {
            NotBegun.clear(home, Subject.project(charter), charter.name());
            standing.put(charter.name(), "");
        }
    }
}
