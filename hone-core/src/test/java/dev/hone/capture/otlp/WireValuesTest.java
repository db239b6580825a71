package dev.hone.capture.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WireValuesTest {
    private static int in(byte[] body, int most) throws IOException {
        return WireValues.in(body, ExportTraceServiceRequest.getDescriptor(), most, 64);
    }

    private static byte[] export(int spans) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < spans; i++) {
            scope.addSpans(Span.newBuilder()
                    .setName("n")
                    .addAttributes(KeyValue.newBuilder()
                            .setKey("k")
                            .setValue(AnyValue.newBuilder().setStringValue("a text with { and [ in it"))));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                .build()
                .toByteArray();
    }

    /** A span, its name, an attribute, its key, its value, and what that is: six; around them two. */
    @Test
    void everyFieldCounts() throws IOException {
        assertEquals(0, in(new byte[0], 10));
        assertEquals(8, in(export(1), 100));
        assertEquals(602, in(export(100), 1_000));
    }

    @Test
    void emptyMessagesCountAtEveryDepth() throws IOException {
        byte[] flat = new byte[2_000];
        for (int i = 0; i < flat.length; i += 2) {
            flat[i] = 0x0a;
        }
        assertEquals(1_000, in(flat, 5_000));
        ByteArrayOutputStream within = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(within);
        out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(flat.length);
        for (int i = 0; i < flat.length; i += 2) {
            out.writeTag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(0);
        }
        out.flush();
        assertEquals(1_001, in(within.toByteArray(), 5_000));
        assertEquals(101, in(flat, 100), "no more is counted");
    }

    /** Fields that nobody knows are kept, each as an object, also within a group. */
    @Test
    void unknownFieldsCount() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeTag(900, WireFormat.WIRETYPE_START_GROUP);
        for (int i = 0; i < 50; i++) {
            out.writeInt32(901, i);
        }
        out.writeTag(900, WireFormat.WIRETYPE_END_GROUP);
        out.writeInt64(902, 1);
        out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(0);
        out.flush();
        assertEquals(53, in(bytes.toByteArray(), 100));
    }

    @Test
    void whatIsNoMessageIsRefused() throws IOException {
        byte[] whole = export(3);
        assertThrows(InvalidProtocolBufferException.class, () -> in(Arrays.copyOf(whole, whole.length - 5), 1_000));
        ByteArrayOutputStream groups = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(groups);
        for (int i = 0; i < 100_000; i++) {
            out.writeTag(900, WireFormat.WIRETYPE_START_GROUP);
        }
        out.flush();
        assertThrows(InvalidProtocolBufferException.class, () -> in(groups.toByteArray(), 1_000_000));
    }
}
