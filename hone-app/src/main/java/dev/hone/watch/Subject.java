package dev.hone.watch;

import dev.hone.capture.Serving;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.charter.Charter;
import dev.hone.improve.FormGraders;
import dev.hone.improve.Improving;
import dev.hone.improve.Series;
import dev.hone.record.Feedback.Kind;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.UseCases;
import dev.hone.store.WaitingCalls.Complaint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A use case that is watched: what its charter says of it, and where its calls are. */
public record Subject(UUID useCase, Charter charter) {
    /** Empty as long as the store has nothing of the use case. */
    public static Optional<Subject> of(Database database, Charter charter) {
        try {
            return Optional.of(new Subject(new UseCases(database).require(charter.name(), project(charter)), charter));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public Improving improving() {
        return charter.improving();
    }

    public String name() {
        return charter.name();
    }

    FormGraders graders() {
        return new FormGraders(charter.good());
    }

    /** Which way a metric of feedback is better. */
    Series.Better better(String metric) {
        FeedbackRules.Direction direction = charter.feedback().better(metric);
        if (direction == null) {
            return Series.Better.UNKNOWN;
        }
        return switch (direction) {
            case HIGHER -> Series.Better.HIGHER;
            case LOWER -> Series.Better.LOWER;
        };
    }

    /** Metrics of feedback that say how good an answer is. */
    List<String> judging() {
        return charter.feedback().metrics().keySet().stream()
                .filter(metric -> charter.feedback().better(metric) != null)
                .toList();
    }

    /** The project of a charter's use case. */
    public static String project(Charter charter) {
        Serving serving = charter.serving();
        return serving == null ? Project.DEFAULT : serving.project();
    }

    /** Feedback that says that something was bad: the worse truth value, and of numbers with a range the worse half. */
    List<Complaint> complaints() {
        FeedbackRules rules = charter.feedback();
        if (rules.metrics().isEmpty()) {
            return List.of(new Complaint("rating", 0, 0.499));
        }
        List<Complaint> complaints = new ArrayList<>();
        rules.metrics().forEach((name, metric) -> {
            FeedbackRules.Direction direction = metric.direction();
            if (direction == null) {
                return;
            }
            boolean higher = direction == FeedbackRules.Direction.HIGHER;
            Double least = metric.least();
            Double most = metric.most();
            if (least != null && most != null) {
                double middle = (least + most) / 2;
                double room = (most - least) * 1e-9;
                complaints.add(
                        higher ? new Complaint(name, least, middle - room) : new Complaint(name, middle + room, most));
            } else if (metric.kind() != Kind.FLOAT) {
                complaints.add(higher ? new Complaint(name, 0, 0) : new Complaint(name, 1, 1));
            }
        });
        return complaints;
    }
}
