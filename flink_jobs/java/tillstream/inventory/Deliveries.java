package tillstream.inventory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The deliveries of a pair that no count has taken in, packed into bytes: 28 a delivery. A delivery told of again replaces what was told before.
 * Before them stands what was added to the books since their first release.
 *
 * <p>Flink does not restore a class that has gained a field, so what the books gain goes in here, behind a header that says its version.
 * Version 0 has no header: it begins with a delivery's id, or is empty. A field more is a version more, and every version is read for ever.
 */
final class Deliveries {
    /** The newest version, which is the one that is written. 1: the department whose sums the pair is in. */
    static final int VERSION = 1;

    private static final int ENTRY = 28;
    /** No id of a delivery begins so: an id is the first half of a name's UUID, where a 3 stands in place of the 0 in bits 12 to 15. */
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
                    + ": it was kept by newer code, which alone can go on from it");
        }
        int length = buffer.getInt();
        if (length == NO_DEPARTMENT) { return; }
        byte[] text = new byte[length];
        buffer.get(text);
        department = new String(text, StandardCharsets.UTF_8);
    }

    /** Whether the department is told of; version 0 does not know it. */
    boolean knowDepartment() { return hasHeader; }

    /** The department in whose sums the pair is; null where its product was in no master yet. */
    String department() { return department; }

    /** Notes in whose sums the pair is from now on. */
    void moveTo(String name) { department = name; }

    /** Notes a delivery, unless a file of a later business date (days since 1970) has told of it. */
    void put(long id, long day, long micros, int units) {
        if (held.stream().anyMatch(d -> d.id == id && d.day > day)) { return; }
        held.removeIf(d -> d.id == id);
        held.add(new Delivery(id, day, micros, units));
    }

    /** Forgets what is not after a time. */
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
