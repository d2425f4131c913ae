package tillstream.format;

/**
 * A fault of a message: its kind, its place in the message and its text. Faults may be frequent, so it has no stack trace.
 *
 * <p>It becomes a dead letter's reason and never stops a job. A reason quotes the message only if {@link Limits} allows it.
 */
final class BadMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The bytes are not a record of the writer's schema. */
    static final String UNDECODABLE = "UNDECODABLE";
    /** The writer's schema, or its type of this value, does not fit the contract. */
    static final String WRONG_SCHEMA = "WRONG_SCHEMA";
    /** The value is decoded, but outside the contract's limits. */
    static final String IMPOSSIBLE_VALUE = "IMPOSSIBLE_VALUE";

    final String kind;
    private final String path;

    BadMessage(String kind, String what) { this(kind, "", what); }

    private BadMessage(String kind, String path, String what) {
        super(what, null, false, false);
        this.kind = kind;
        this.path = path;
    }

    static BadMessage undecodable(String what) { return new BadMessage(UNDECODABLE, what); }

    static BadMessage impossible(String what) { return new BadMessage(IMPOSSIBLE_VALUE, what); }

    /** Returns the same fault with the name of the record or array around the value added to its path. */
    BadMessage within(String outer) {
        return new BadMessage(kind, path.isEmpty() || path.startsWith("[") ? outer + path : outer + "." + path, getMessage());
    }

    /** The dead letter's reason: kind, path and text. */
    String reason() { return kind + ": " + (path.isEmpty() ? "" : path + " ") + getMessage(); }
}
