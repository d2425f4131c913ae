package tillstream.inventory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The deliveries of a pair that no count has taken in, packed into bytes: 28 a delivery. A delivery told of again replaces what was told before. */
final class Deliveries {
    private static final int ENTRY = 28;

    private record Delivery(long id, long day, long at, int units) { }

    private final List<Delivery> held = new ArrayList<>();

    Deliveries(byte[] packed) {
        ByteBuffer buffer = ByteBuffer.wrap(packed == null ? new byte[0] : packed);
        while (buffer.remaining() >= ENTRY) { held.add(new Delivery(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getInt())); }
    }

    /** Notes a delivery, unless a file of a later business date (days since 1970) has told of it. */
    void put(long id, long day, long micros, int units) {
        if (held.stream().anyMatch(d -> d.id == id && d.day > day)) { return; }
        held.removeIf(d -> d.id == id);
        held.add(new Delivery(id, day, micros, units));
    }

    /** Forgets what is not after a time. */
    void dropUntil(long micros) { held.removeIf(d -> d.at <= micros); }

    int sum() { return held.stream().mapToInt(Delivery::units).sum(); }

    byte[] packed() {
        ByteBuffer buffer = ByteBuffer.allocate(held.size() * ENTRY);
        for (Delivery d : held) { buffer.putLong(d.id).putLong(d.day).putLong(d.at).putInt(d.units); }
        return buffer.array();
    }
}
