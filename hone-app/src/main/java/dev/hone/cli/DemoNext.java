package dev.hone.cli;

import dev.hone.file.Durable;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.run.Loop;
import dev.hone.run.UseCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** What somebody may do with the model of a demo: a command to chat with it, and one to serve it, with a request of its own job. */
final class DemoNext {
    private static final String REQUEST = "request.json";

    private DemoNext() {}

    /** Tells it. @param out folder of the demo @param page in it */
    static void print(Path out, String page, Path trained, UseCase useCase, Task task) throws IOException {
        Conversation asked = useCase.ask(task);
        ObjectNode request = useCase.request(task).put("model", String.valueOf(trained.getFileName()));
        Durable.write(out.resolve(REQUEST), request.toString().getBytes(StandardCharsets.UTF_8));
        System.err.printf("%nreport: %s%n        %s%n", out.resolve(page), out.resolve(Loop.REPORT));
        int turns = asked.messages().size();
        if (turns == 1 || turns == 2 && asked.messages().getFirst().role().equals("system")) {
            System.err.printf(
                    "chat:   ./hone chat --model %s%s --prompt %s%n",
                    trained,
                    turns == 1
                            ? ""
                            : " --system " + quoted(asked.messages().getFirst().content()),
                    quoted(asked.messages().getLast().content()));
        }
        System.err.printf(
                "serve:  ./hone serve-model --model %s%n        curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' -d @%s%n",
                trained, out.resolve(REQUEST));
    }

    /** As one word of a POSIX shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
