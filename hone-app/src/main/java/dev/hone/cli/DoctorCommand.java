package dev.hone.cli;

import dev.hone.run.Doctor;
import dev.hone.run.Finding;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone doctor}: what this machine lacks, and what makes it slow. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Look at JDK, cores, threads, memory, disk and engine; say what is missing or makes Hone slow.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone doctor", "  hone doctor --json", "Exit code 1: something that Hone needs is missing."})
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() {
        Doctor.Diagnosis diagnosis = new Doctor(System.getenv()).examine();
        if (json) {
            Json.print(diagnosis);
        } else {
            diagnosis.findings().forEach(DoctorCommand::print);
        }
        return diagnosis.healthy() ? 0 : 1;
    }

    private static void print(Finding finding) {
        String mark = switch (finding.level()) {
            case OK -> "ok";
            case WARNING -> "warning";
            case PROBLEM -> "PROBLEM";
        };
        System.out.printf("%-8s %-25s %s%n", mark, finding.name(), finding.found());
        if (!finding.remedy().isEmpty()) {
            System.out.printf("%-8s %-25s → %s%n", "", "", finding.remedy());
        }
    }
}
