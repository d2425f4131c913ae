package tillstream.inventory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The deliveries of a pair since its last count, packed into 28 bytes per delivery. A delivery that comes again replaces the earlier one. In front of them
 * is a header with the data that was added to the pair's state after the first release.
 *
 * <p>Flink cannot restore a class that has gained a field, so new data of the state goes into this header, which says its version. Version 0 has no header:
 * it begins with a delivery's id, or is empty. Each new field is a new version, and every version must stay readable.
 */
final class Deliveries {
    /** The newest version, which is written. Version 1 added the department whose sums the pair is in. */
    static final int VERSION = 1;

    private static final int ENTRY = 28;
    /** No delivery's id has this form: an id is the first half of a name-based UUID, whose bits 12 to 15 are 3 and not 0. */
    private static final long HEADER = 0x54494C4C_00000000L;
    private static final long OF_HEADER = 0xFFFFFFFF_0000F000L;
    private static final int NO_DEPARTMENT = -1;

    private record Delivery(long id, long day, long at, int units) { }

    private final List<Delivery> held = new ArrayList<>();
    private final boolean hasHeader;
    private String department;

    Deliveries(byte[] packed) {
        ByteBuffer buffer = ByteBuffer.wrap(packed == null ? new byte[0] : packed);
        hasHeader = buffer.remaining() >= Long.BYTES && (buffer.getLong(0) & OF_HEADER) == HEADER;
        if (hasHeader) { readHeader(buffer); }
        while (buffer.remaining() >= ENTRY) { held.add(new Delivery(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getInt())); }
    }

    private void readHeader(ByteBuffer buffer) {
        int version = (int) (buffer.getLong() & 0xFFF);
        if (version > VERSION) {
            throw new IllegalStateException("the state of the books is of version " + version + ", and this code reads none above " + VERSION
                    + ": newer code wrote it; start the job with that code");
        }
        int length = buffer.getInt();
        if (length == NO_DEPARTMENT) { return; }
        byte[] text = new byte[length];
        buffer.get(text);
        department = new String(text, StandardCharsets.UTF_8);
    }

    /** Whether the state has the department; version 0 does not. */
    boolean knowDepartment() { return hasHeader; }

    /** The department in whose sums the pair is; null if the master did not have the product yet. */
    String department() { return department; }

    /** Sets the department in whose sums the pair is. */
    void moveTo(String name) { department = name; }

    /** Adds or replaces a delivery, unless a file of a later business day (days since 1970) had it already. */
    void put(long id, long day, long micros, int units) {
        if (held.stream().anyMatch(d -> d.id == id && d.day > day)) { return; }
        held.removeIf(d -> d.id == id);
        held.add(new Delivery(id, day, micros, units));
    }

    /** Removes the deliveries up to a time (inclusive). */
    void dropUntil(long micros) { held.removeIf(d -> d.at <= micros); }

    long sum() { return held.stream().mapToLong(Delivery::units).sum(); }

    byte[] packed() {
        byte[] text = department == null ? new byte[0] : department.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + text.length + held.size() * ENTRY);
        buffer.putLong(HEADER | VERSION).putInt(department == null ? NO_DEPARTMENT : text.length).put(text);
        for (Delivery d : held) { buffer.putLong(d.id).putLong(d.day).putLong(d.at).putInt(d.units); }
        return buffer.array();
    }
}
