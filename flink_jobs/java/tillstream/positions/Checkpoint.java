package tillstream.positions;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompressibleFSDataInputStream;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.SnappyStreamCompressionDecorator;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.UncompressedStreamCompressionDecorator;

/** Where in Kafka a job goes on that starts from a checkpoint or savepoint. Flink has no command that tells. */
public final class Checkpoint {
    /** The name under which Flink keeps what a source has assigned to itself. */
    private static final String SPLITS = "SourceReaderState";

    private Checkpoint() { }

    /**
     * Each partition's next offset, as texts `topic partition offset`.
     *
     * @param path a checkpoint's or a savepoint's folder
     * @throws IOException it cannot be read
     */
    public static List<String> positions(String path) throws IOException {
        Path file = new Path(path, "_metadata");
        List<String> found = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(file.getFileSystem().open(file))) {
            CheckpointMetadata metadata = Checkpoints.loadCheckpointMetadata(in, Checkpoint.class.getClassLoader(), path);
            for (OperatorState operator : metadata.getOperatorStates()) {
                for (OperatorSubtaskState subtask : operator.getStates()) {
                    for (OperatorStateHandle handle : subtask.getManagedOperatorState()) { read(handle, found); }
                }
            }
        }
        return found;
    }

    /**
     * Whether an operator has a state of that name.
     *
     * @throws IOException it cannot be read
     */
    public static boolean has(String path, String state) throws IOException {
        Path file = new Path(path, "_metadata");
        try (DataInputStream in = new DataInputStream(file.getFileSystem().open(file))) {
            return Checkpoints.loadCheckpointMetadata(in, Checkpoint.class.getClassLoader(), path).getOperatorStates().stream()
                    .flatMap(operator -> operator.getStates().stream()).flatMap(subtask -> subtask.getManagedOperatorState().stream())
                    .anyMatch(handle -> handle.getStateNameToPartitionOffsets().containsKey(state));
        }
    }

    private static void read(OperatorStateHandle handle, List<String> found) throws IOException {
        OperatorStateHandle.StateMetaInfo splits = handle.getStateNameToPartitionOffsets().get(SPLITS);
        if (splits == null) { return; }
        try (FSDataInputStream file = handle.openInputStream(); FSDataInputStream in = new CompressibleFSDataInputStream(file, decompressor(file))) {
            for (long offset : splits.getOffsets()) {
                in.seek(offset);
                DataInputStream data = new DataInputStream(in);
                byte[] entry = new byte[data.readInt()];
                data.readFully(entry);
                found.add(split(entry));
            }
        }
    }

    /** How the file's states are packed is said at its beginning, which Flink's class for it has public and this one answer of it not. */
    private static StreamCompressionDecorator decompressor(FSDataInputStream file) throws IOException {
        OperatorBackendSerializationProxy head = new OperatorBackendSerializationProxy(Checkpoint.class.getClassLoader());
        head.read(new DataInputViewStreamWrapper(file));
        try {
            Method packed = OperatorBackendSerializationProxy.class.getDeclaredMethod("isUsingStateCompression");
            packed.setAccessible(true);
            return (boolean) packed.invoke(head) ? SnappyStreamCompressionDecorator.INSTANCE : UncompressedStreamCompressionDecorator.INSTANCE;
        } catch (ReflectiveOperationException e) {
            throw new IOException("this version of Flink does not say how a checkpoint is packed", e);
        }
    }

    /** A split as Flink's Kafka source of version 4 writes it: the serializer's version, the length, then topic, partition, next offset and last one. */
    static String split(byte[] entry) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
        int version = in.readInt();
        if (version != 0) { throw new IOException("a Kafka split of version " + version + " is not known"); }
        in.readInt();
        return in.readUTF() + " " + in.readInt() + " " + in.readLong();
    }
}
