package dev.hone.store;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Calls whose ids are the least of a moment, so that their month is known. */
final class MonthCalls {
    private MonthCalls() {}

    static CapturedCall call(String at, String useCase) {
        return call(at, "/v1/chat/completions", useCase);
    }

    static CapturedCall call(String at, String path, String useCase) {
        String id = TestDatabase.database()
                .inTransaction(connection -> CallsTest.query(connection, "SELECT least_id('%s')::text".formatted(at)));
        return new CapturedCall(
                new CapturedCall.Facts(
                        UUID.fromString(id),
                        Instant.parse(at),
                        path,
                        "m",
                        useCase,
                        true,
                        "v",
                        CapturedCall.Origin.NONE,
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        null,
                        1.0,
                        CallUsage.UNKNOWN,
                        null,
                        List.of()),
                new byte[] {'1'},
                new byte[] {'1'});
    }
}
