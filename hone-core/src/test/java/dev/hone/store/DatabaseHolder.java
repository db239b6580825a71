package dev.hone.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that opens the database of a folder, stores a trace, says so, and waits to be killed. */
public final class DatabaseHolder {
    private DatabaseHolder() {}

    public static void main(String[] arguments) throws Exception {
        Database database = Database.open(Map.of(), Path.of(arguments[0]), System.err::println);
        new Traces(database)
                .add(new UseCases(database).obtain("held"), List.of(SampleTraces.labelled("kept", "{\"a\":1}")));
        System.out.println("ready " + database.pid().orElseThrow());
        while (System.in.read() >= 0) {
            continue;
        }
        database.close();
    }

    /** Starts one and waits until its trace is stored. */
    static Process start(Path home) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DatabaseHolder.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader().readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new IOException("The holder said [" + line + "]");
        }
        return process;
    }
}
