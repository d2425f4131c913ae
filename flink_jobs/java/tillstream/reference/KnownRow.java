package tillstream.reference;

import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.variant.Variant;

/**
 * A row of a reference table: texts, with the key first. Its number lets callers keep what they compute for it in an array: with 92,000 products, texts
 * and a map's entries are seldom in the processor's cache.
 */
public final class KnownRow implements RowData {
    private final StringData[] texts;
    private final Object reading;
    private final int number;

    /**
     * @param reading the reading of the table that the row comes from; each reading numbers its rows anew
     * @param number the row's number in that reading, from 0
     */
    public KnownRow(StringData[] texts, Object reading, int number) {
        this.texts = texts;
        this.reading = reading;
        this.number = number;
    }

    public StringData key() { return texts[0]; }

    public Object reading() { return reading; }

    public int number() { return number; }

    @Override public int getArity() { return texts.length; }

    @Override public RowKind getRowKind() { return RowKind.INSERT; }

    @Override
    public void setRowKind(RowKind kind) {
        if (kind != RowKind.INSERT) { throw new UnsupportedOperationException("a row of a reference table cannot be changed: it is shared"); }
    }

    @Override public boolean isNullAt(int pos) { return texts[pos] == null; }

    @Override public StringData getString(int pos) { return texts[pos]; }

    @Override public boolean getBoolean(int pos) { throw onlyTexts(); }

    @Override public byte getByte(int pos) { throw onlyTexts(); }

    @Override public short getShort(int pos) { throw onlyTexts(); }

    @Override public int getInt(int pos) { throw onlyTexts(); }

    @Override public long getLong(int pos) { throw onlyTexts(); }

    @Override public float getFloat(int pos) { throw onlyTexts(); }

    @Override public double getDouble(int pos) { throw onlyTexts(); }

    @Override public DecimalData getDecimal(int pos, int precision, int scale) { throw onlyTexts(); }

    @Override public TimestampData getTimestamp(int pos, int precision) { throw onlyTexts(); }

    @Override public <T> RawValueData<T> getRawValue(int pos) { throw onlyTexts(); }

    @Override public byte[] getBinary(int pos) { throw onlyTexts(); }

    @Override public ArrayData getArray(int pos) { throw onlyTexts(); }

    @Override public MapData getMap(int pos) { throw onlyTexts(); }

    @Override public RowData getRow(int pos, int fields) { throw onlyTexts(); }

    @Override public Variant getVariant(int pos) { throw onlyTexts(); }

    private static UnsupportedOperationException onlyTexts() { return new UnsupportedOperationException("a row of a reference table has only texts"); }
}
