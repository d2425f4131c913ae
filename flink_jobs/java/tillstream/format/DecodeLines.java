package tillstream.format;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;

/**
 * Runs the decoder alone, for tests and to decode a dead letter again. Reads frames from standard input and prints a line of JSON for each.
 *
 * <p>A frame is a letter, a length of four bytes, and that many bytes:
 *
 * <ul>
 *   <li>C: contract, NUL, row type in SQL. Starts a new decoder with empty caches.
 *   <li>R: path, NUL, status, NUL, body. Sets the built-in registry's answer for the path (status 0: it hangs up). Other paths answer 404.
 *   <li>M: a message. Prints the row or the reason, and the time and memory used.
 *   <li>N: a message without a value. Prints the same.
 * </ul>
 */
public final class DecodeLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ThreadMXBean MEASURE = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Map<String, String[]> answers = new ConcurrentHashMap<>();
    private TolerantAvroDecoder decoder;
    private RowType rowType;
    private String url;

    private DecodeLines() { }

    /** Reads frames until the input ends. */
    public static void main(String[] arguments) throws IOException { new DecodeLines().run(); }

    private void run() throws IOException {
        // Otherwise each answer waits 40 ms for the acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            answerFrames();
        } finally {
            server.stop(0);
        }
    }

    private void answerFrames() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        while (true) {
            int letter = in.read();
            if (letter < 0) { break; }
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            out.println(JSON.writeValueAsString(done((char) letter, frame)));
            // Flush only when no frame is waiting: a batch of frames gets its answers together.
            if (in.available() == 0) { out.flush(); }
        }
        out.flush();
    }

    private Map<String, Object> done(char letter, byte[] frame) throws IOException {
        switch (letter) {
            case 'C' -> {
                String[] parts = new String(frame, StandardCharsets.UTF_8).split("\0", 2);
                rowType = (RowType) LogicalTypeParser.parse(parts[1], DecodeLines.class.getClassLoader());
                decoder = new TolerantAvroDecoder(url, parts[0], rowType, null);
                decoder.open(null);
                return Map.of();
            }
            case 'R' -> {
                String[] parts = new String(frame, StandardCharsets.UTF_8).split("\0", 3);
                answers.put(parts[0], new String[] {parts[1], parts[2]});
                return Map.of();
            }
            case 'M' -> { return decoded(frame); }
            case 'N' -> { return decoded(null); }
            default -> throw new EOFException("no frame begins with " + letter);
        }
    }

    private Map<String, Object> decoded(byte[] message) {
        Map<String, Object> said = new LinkedHashMap<>();
        long allocated = MEASURE.getThreadAllocatedBytes(Thread.currentThread().getId());
        long started = MEASURE.getCurrentThreadCpuTime();
        try {
            RowData row = decoder.deserialize(message);
            long took = MEASURE.getCurrentThreadCpuTime() - started;
            said.put("allocated", MEASURE.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated);
            said.put("micros", took / 1000);
            int columns = rowType.getFieldCount();
            if (row.isNullAt(columns - 2)) {
                said.put("row", json(row, new RowType(rowType.getFields().subList(0, columns - 2))));
            } else {
                said.put("reason", row.getString(columns - 2).toString());
                said.put("raw", Base64.getEncoder().encodeToString(row.getBinary(columns - 1)));
            }
        } catch (IOException e) {
            said.put("retried", e.getMessage());
        } catch (RuntimeException | Error e) {
            said.put("thrown", e.toString());
        }
        return said;
    }

    private static Map<String, Object> json(RowData row, RowType type) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < type.getFieldCount(); i++) {
            LogicalType of = type.getTypeAt(i);
            values.put(type.getFieldNames().get(i), json(RowData.createFieldGetter(of, i).getFieldOrNull(row), of));
        }
        return values;
    }

    private static Object json(Object value, LogicalType type) {
        if (value == null) { return null; }
        return switch (type.getTypeRoot()) {
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {
                TimestampData time = (TimestampData) value;
                yield time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
            }
            case CHAR, VARCHAR, DECIMAL -> value.toString();
            case VARBINARY, BINARY -> Base64.getEncoder().encodeToString((byte[]) value);
            case ROW -> json((RowData) value, (RowType) type);
            case ARRAY -> {
                LogicalType of = ((ArrayType) type).getElementType();
                ArrayData.ElementGetter getter = ArrayData.createElementGetter(of);
                ArrayData array = (ArrayData) value;
                List<Object> items = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) { items.add(json(getter.getElementOrNull(array, i), of)); }
                yield items;
            }
            default -> value;
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] answer = answers.getOrDefault(exchange.getRequestURI().getRawPath(), new String[] {"404", "{\"error_code\":40403,\"message\":\"none\"}"});
        try (exchange) {
            // Close without an answer: for the client the registry is gone.
            if (answer[0].equals("0")) { return; }
            byte[] body = answer[1].getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(Integer.parseInt(answer[0]), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
