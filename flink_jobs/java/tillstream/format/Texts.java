package tillstream.format;

/** Counts the characters of a UTF-8 text and detects invalid ones. */
final class Texts {
    /** The bytes are not valid UTF-8. */
    static final int BROKEN = -1;
    /** The text has the character NUL, which ends a text for C programs and for the translator. */
    static final int NUL = -2;

    private Texts() { }

    /** Returns the number of characters (code points), or BROKEN or NUL. Overlong forms and surrogates are broken, as everywhere downstream. */
    static int characters(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end && bytes[at] > 0) { at++; }
        int count = at - from;
        while (at < end) {
            byte first = bytes[at];
            if (first > 0) {
                at++;
            } else if (first == 0) {
                return NUL;
            } else {
                int size = sequence(bytes, at, end);
                if (size == 0) { return BROKEN; }
                at += size;
            }
            count++;
        }
        return count;
    }

    /** Returns the number of bytes of the multi-byte character that begins here, or 0 if it is not valid (Unicode 15, table 3-7). */
    private static int sequence(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || end - at < size) { return 0; }
        int second = bytes[at + 1] & 0xff;
        int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) { return 0; }
        for (int i = 2; i < size; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) { return 0; }
        }
        return size;
    }

    /** Cuts a text after this many UTF-16 units, or one less if the cut would split a character. */
    static String cut(String text, int most) {
        if (text.length() <= most) { return text; }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
