package dev.hone.capture.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How many values a message of protobuf has on the wire, told before it is made: an empty message takes two bytes there, and some fifty as an
 * object. Holds nothing meanwhile.
 */
final class WireValues {
    private final CodedInputStream in;
    private final int most;
    private final int mostDepth;
    private int values;

    private WireValues(CodedInputStream in, int most, int mostDepth) {
        this.in = in;
        this.most = most;
        this.mostDepth = mostDepth;
    }

    /**
     * Counts them: known fields and unknown ones, at any depth.
     *
     * @param most that are counted; where there are more, the answer is one more
     * @param mostDepth of messages within messages
     * @throws InvalidProtocolBufferException when it is no message
     */
    static int in(byte[] body, Descriptor type, int most, int mostDepth) throws IOException {
        WireValues counting = new WireValues(CodedInputStream.newInstance(body), most, mostDepth);
        counting.message(type, 0);
        return counting.values;
    }

    /** @param type null of a group, which nobody knows any more */
    private void message(@Nullable Descriptor type, int depth) throws IOException {
        if (depth > mostDepth) {
            throw new InvalidProtocolBufferException("a value is nested more than [%d] deep".formatted(mostDepth));
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int kind = WireFormat.getTagWireType(tag);
            if (kind == WireFormat.WIRETYPE_END_GROUP || ++values > most) {
                return;
            }
            Descriptor inner = type == null ? null : inner(type, WireFormat.getTagFieldNumber(tag));
            if (kind == WireFormat.WIRETYPE_START_GROUP) {
                message(null, depth + 1);
            } else if (kind == WireFormat.WIRETYPE_LENGTH_DELIMITED && inner != null) {
                int outer = in.pushLimit(in.readRawVarint32());
                message(inner, depth + 1);
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
            if (values > most) {
                return;
            }
        }
    }

    private static @Nullable Descriptor inner(Descriptor type, int number) {
        FieldDescriptor field = type.findFieldByNumber(number);
        return field == null || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE ? null : field.getMessageType();
    }
}
