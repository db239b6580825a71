package dev.hone.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Who stands between the client and the model's server.
 *
 * @param name in tables
 * @param address where it listens
 * @param model as its callers name it
 * @param bearer key that callers show; empty for none
 * @param pid 0 where it is no process of its own
 * @param ended ends it
 */
record Comparand(String name, InetSocketAddress address, String model, String bearer, long pid, Ending ended)
        implements AutoCloseable {
    /** What ends a comparand. */
    interface Ending {
        void end() throws Exception;
    }

    private static final String HONE = "hone";

    private static final String PATH = "/v1/chat/completions";

    /**
     * What is measured gives way to who measures: on a machine where all of them share the processors, a client that has to wait for one would
     * measure that.
     */
    private static final List<String> GIVING_WAY = List.of("nice", "-n", "10");

    static ProcessBuilder givingWay(String... command) {
        return new ProcessBuilder(
                Stream.concat(GIVING_WAY.stream(), Stream.of(command)).toList());
    }

    byte[] request(boolean stream) {
        return LoadClient.Plan.post(address, PATH, bearer, body(model, stream));
    }

    /** A request of about a kilobyte. */
    static String body(String model, boolean stream) {
        String said = "Where is my order? I bought it last week and nobody has told me when it comes. ".repeat(9);
        return "{\"model\":\"%s\",\"stream\":%s,\"temperature\":0.2,\"max_tokens\":300,\"messages\":[{\"role\":\"system\",\"content\":\"You answer customers of a shop.\"},{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(model, stream, said);
    }

    /** The model's server itself. */
    static Comparand direct(int upstream) {
        return new Comparand("direct", new InetSocketAddress("127.0.0.1", upstream), "mock-1", "", 0, () -> {});
    }

    /** nginx with connections to the server that stay, and without a log. */
    static Comparand nginx(Path folder, String program, int upstream) throws Exception {
        Files.createDirectories(folder);
        int port = freePort();
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                worker_processes auto;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 8192; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    keepalive_requests 1000000000;
                    keepalive_timeout 3600s;
                    client_body_buffer_size 64k;
                    upstream model { server 127.0.0.1:%2$d; keepalive 1024; keepalive_requests 1000000000; }
                    server {
                        listen 127.0.0.1:%3$d;
                        location / {
                            proxy_pass http://model;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_read_timeout 600s;
                        }
                    }
                }
                """.formatted(folder.toAbsolutePath(), upstream, port));
        Process process = givingWay(
                        program,
                        "-c",
                        folder.resolve("nginx.conf").toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        await(process, port, folder.resolve("nginx.log"));
        return new Comparand(
                "nginx", new InetSocketAddress("127.0.0.1", port), "mock-1", "", process.pid(), () -> end(process));
    }

    /** The gateway with keys, a use case's route and durable traces, on its own PostgreSQL. */
    static Comparand hone(Path folder, int upstream, List<String> options) throws Exception {
        ServedHone.configure(
                folder,
                "port: 0\nkeys: required\nupstreams:\n  mock:\n    url: http://127.0.0.1:%d/v1\n".formatted(upstream),
                "variants:\n  only: {upstream: mock, model: mock-1}\n");
        ServedHone.declare(
                folder,
                ServedHone.PRIVATE,
                "variants:\n  only: {upstream: mock, model: mock-1}\nredaction: [email, phone, card, iban, secret]\n");
        String key = ServedHone.key(folder);
        ServedHone served = ServedHone.start(folder, GIVING_WAY, options);
        return new Comparand(HONE, served.address(), "use-case/load", key, served.pid(), served::close);
    }

    /** The same gateway, asked for another use case, of whose calls five kinds of texts are not stored. */
    Comparand redacting() {
        return new Comparand(HONE + ", redacting", address, "use-case/" + ServedHone.PRIVATE, bearer, pid, () -> {});
    }

    boolean isHone() {
        return name.startsWith(HONE);
    }

    /** LiteLLM's proxy with its one key, without a database or a log. */
    static Comparand liteLlm(Path folder, String program, int upstream) throws Exception {
        Files.createDirectories(folder);
        int port = freePort();
        String key = "sk-" + UUID.randomUUID() + UUID.randomUUID();
        Files.writeString(folder.resolve("config.yaml"), """
                model_list:
                  - model_name: mock-1
                    litellm_params:
                      model: openai/mock-1
                      api_base: http://127.0.0.1:%d/v1
                      api_key: none
                general_settings:
                  master_key: %s
                """.formatted(upstream, key));
        ProcessBuilder builder = givingWay(
                        program,
                        "--config",
                        folder.resolve("config.yaml").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--num_workers",
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("litellm.log").toFile());
        builder.environment().put("LITELLM_LOG", "ERROR");
        builder.environment().put("LITELLM_LOCAL_MODEL_COST_MAP", "True");
        Process process = builder.start();
        await(process, port, folder.resolve("litellm.log"));
        return new Comparand(
                "litellm", new InetSocketAddress("127.0.0.1", port), "mock-1", key, process.pid(), () -> end(process));
    }

    private static void await(Process process, int port, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("It does not listen: " + Files.readString(log), e);
                }
                Thread.sleep(100);
            }
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        ended.end();
    }
}
