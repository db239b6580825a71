package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.Serving;
import dev.hone.capture.route.Canary;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls while a variant is on trial. */
final class CanaryCallsTest extends GatewayFixture {
    private Upstream live;
    private Upstream candidate;

    private String open(Behaviour behaviour) throws Exception {
        live = server("live", asked -> asked.say(200, "application/json", ANSWER));
        candidate = server("own/2", behaviour);
        String url = gateway(live);
        share(0);
        return url;
    }

    /** As the files say, with one more server, and a trial. */
    private void share(double share) {
        gateway.configure(configuration("0".repeat(64), live)
                .with(
                        List.of(candidate),
                        List.of(
                                new Serving(
                                        new Route(
                                                "job",
                                                List.of(
                                                        new Variant("live", "live", "m", 1, false),
                                                        new Variant("candidate", "own/2", "own/2", 0, false)),
                                                List.of(),
                                                List.of(),
                                                retries,
                                                new Canary("candidate", share, "trial", List.of("live"))),
                                        redaction,
                                        Project.DEFAULT,
                                        1),
                                new Serving(
                                        new Route("gone", List.of(), List.of(), List.of(), retries),
                                        redaction,
                                        Project.DEFAULT,
                                        1))));
    }

    private String ask(String url, String episode) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("X-Hone-Episode", episode)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"use-case/job\",\"messages\":[]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.headers().firstValue("x-hone-variant").orElse("");
    }

    @Test
    void anEpisodeThatBeganBeforeGoesOnAsItBegan() throws Exception {
        String url = open(asked -> asked.say(200, "application/json", ANSWER));
        for (int i = 0; i < 20; i++) {
            assertEquals("live", ask(url, "old " + i));
        }
        share(0.9);
        int fresh = 0;
        for (int i = 0; i < 20; i++) {
            assertEquals("live", ask(url, "old " + i));
            fresh += ask(url, "new " + i).equals("candidate") ? 1 : 0;
        }
        assertTrue(fresh > 10, "drawn: " + fresh);
        String models = http.send(
                        HttpRequest.newBuilder(URI.create(url + "/v1/models")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertTrue(!models.contains("own/2"), "no call can name a version: " + models);
        assertRefused(404, "model_not_found", post(url, "{\"model\":\"own/2\",\"messages\":[]}"));
    }

    /** A version of Hone's own takes less than others do: that is nobody's failure, and no caller's. */
    @Test
    void whatAVersionCannotTakeGoesToWhomItReplaces() throws Exception {
        int[] status = {400};
        String url = open(asked ->
                asked.say(status[0], "application/json", "{\"error\":{\"code\":\"context_length_exceeded\"}}"));
        share(0.99);
        int met = 0;
        for (int refusal : new int[] {400, 404, 413, 415, 422}) {
            status[0] = refusal;
            for (int i = 0; i < 12; i++) {
                assertEquals("live", ask(url, "episode " + refusal + " " + i));
            }
        }
        for (CapturedCall call : calls()) {
            CapturedCall.Attempt first = call.facts().attempts().getFirst();
            if (first.variant().equals("candidate")) {
                met++;
                assertEquals(2, call.facts().attempts().size(), "it is asked once, and somebody else after");
                assertEquals(CapturedCall.End.ANSWERED, call.facts().end());
                assertEquals("live", call.facts().variant(), "so that it did not answer");
            }
        }
        assertTrue(met > 40, "asked: " + met);
        assertTrue(
                !gateway.isKeptAway(
                        gateway.configuration().serving("job").route().variant("candidate")),
                "that it declines is no failure");
    }

    /** Where nobody is left, what it said is the caller's; and what others refuse is as before. */
    @Test
    void aRefusalIsTheCallersWhereNobodyElseTakesIt() throws Exception {
        int[] asked = new int[1];
        live = server("live", one -> {
            asked[0]++;
            one.say(400, "application/json", "{\"error\":{\"code\":\"bad\"}}");
        });
        candidate = server("own/2", one -> one.say(422, "application/json", "{\"error\":{\"code\":\"own\"}}"));
        String url = gateway(live);
        share(0.99);
        for (int i = 0; i < 6; i++) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                            .header("X-Hone-Episode", "bad " + i)
                            .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"use-case/job\",\"messages\":[]}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("bad"), answer.body());
        }
        assertEquals(6, asked[0], "a server of others that refuses is asked once");
        gateway.configure(configuration("0".repeat(64), live)
                .with(
                        List.of(candidate),
                        List.of(new Serving(
                                new Route(
                                        "job",
                                        List.of(new Variant("live", "own/2", "own/2", 1, false)),
                                        List.of(),
                                        List.of(),
                                        retries),
                                redaction,
                                Project.DEFAULT,
                                1))));
        HttpResponse<String> alone = post(url, "{\"model\":\"use-case/job\",\"messages\":[]}");
        assertEquals(422, alone.statusCode(), alone.body());
        assertTrue(alone.body().contains("own"), alone.body());
    }

    @Test
    void whoeverIsOnTrialAndFailsIsStoodInFor() throws Exception {
        String url = open(asked -> asked.say(500, "application/json", "{}"));
        share(0.99);
        int met = 0;
        for (int i = 0; i < 8; i++) {
            assertEquals("live", ask(url, "episode " + i));
        }
        for (CapturedCall call : calls()) {
            CapturedCall.Attempt first = call.facts().attempts().getFirst();
            met += first.variant().equals("candidate") && first.model().equals("own/2") ? 1 : 0;
        }
        assertTrue(met >= 4, "the trace has who was asked first: " + met);
        Variant variant = gateway.configuration().serving("job").route().variant("candidate");
        for (int i = 0; i < 20 && !gateway.isKeptAway(variant); i++) {
            ask(url, "another " + i);
        }
        assertTrue(gateway.isKeptAway(variant));
    }
}
