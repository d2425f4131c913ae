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

/** Reads the Kafka offsets in a checkpoint or savepoint, at which a job would continue. Flink has no command for it. */
public final class Checkpoint {
    /** The name of the state in which Flink keeps the splits of a source's reader. */
    private static final String SPLITS = "SourceReaderState";

    private Checkpoint() { }

    /**
     * Returns each partition's next offset, as texts `topic partition offset`.
     *
     * @param path the folder of a checkpoint or savepoint
     * @throws IOException if it cannot be read
     */
    public static List<String> positions(String path) throws IOException {
        Path file = new Path(path, "_metadata");
        List<String> positions = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(file.getFileSystem().open(file))) {
            CheckpointMetadata metadata = Checkpoints.loadCheckpointMetadata(in, Checkpoint.class.getClassLoader(), path);
            for (OperatorState operator : metadata.getOperatorStates()) {
                for (OperatorSubtaskState subtask : operator.getStates()) {
                    for (OperatorStateHandle handle : subtask.getManagedOperatorState()) { read(handle, positions); }
                }
            }
        }
        return positions;
    }

    /**
     * Returns whether an operator in the checkpoint or savepoint has a state of this name.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean has(String path, String state) throws IOException {
        Path file = new Path(path, "_metadata");
        try (DataInputStream in = new DataInputStream(file.getFileSystem().open(file))) {
            return Checkpoints.loadCheckpointMetadata(in, Checkpoint.class.getClassLoader(), path).getOperatorStates().stream()
                    .flatMap(operator -> operator.getStates().stream()).flatMap(subtask -> subtask.getManagedOperatorState().stream())
                    .anyMatch(handle -> handle.getStateNameToPartitionOffsets().containsKey(state));
        }
    }

    private static void read(OperatorStateHandle handle, List<String> positions) throws IOException {
        OperatorStateHandle.StateMetaInfo splits = handle.getStateNameToPartitionOffsets().get(SPLITS);
        if (splits == null) { return; }
        try (FSDataInputStream file = handle.openInputStream(); FSDataInputStream in = new CompressibleFSDataInputStream(file, decompressor(file))) {
            for (long offset : splits.getOffsets()) {
                in.seek(offset);
                DataInputStream data = new DataInputStream(in);
                byte[] entry = new byte[data.readInt()];
                data.readFully(entry);
                positions.add(split(entry));
            }
        }
    }

    /** Returns the decompressor of a state file. The file's header says how it is compressed, but Flink's method that returns it is not public. */
    private static StreamCompressionDecorator decompressor(FSDataInputStream file) throws IOException {
        OperatorBackendSerializationProxy head = new OperatorBackendSerializationProxy(Checkpoint.class.getClassLoader());
        head.read(new DataInputViewStreamWrapper(file));
        try {
            Method packed = OperatorBackendSerializationProxy.class.getDeclaredMethod("isUsingStateCompression");
            packed.setAccessible(true);
            return (boolean) packed.invoke(head) ? SnappyStreamCompressionDecorator.INSTANCE : UncompressedStreamCompressionDecorator.INSTANCE;
        } catch (ReflectiveOperationException e) {
            throw new IOException("this version of Flink does not say how a checkpoint is compressed: adapt Checkpoint", e);
        }
    }

    /** Reads a split of Flink's Kafka source 4: the serializer's version, the length, then topic, partition, next offset and stopping offset. */
    static String split(byte[] entry) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
        int version = in.readInt();
        if (version != 0) { throw new IOException("Kafka splits of version " + version + " are not supported"); }
        in.readInt();
        return in.readUTF() + " " + in.readInt() + " " + in.readLong();
    }
}
