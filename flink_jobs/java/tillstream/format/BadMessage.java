package tillstream.format;

/**
 * What is wrong with a message, by its kind and where in the message. Made often under faults, so it carries no stack trace.
 *
 * <p>It is a dead letter's reason: it never stops a job. A reason quotes the message only where {@link Limits} lets it.
 */
final class BadMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The bytes are no record of their writer's schema. */
    static final String UNDECODABLE = "UNDECODABLE";
    /** The writer's schema, or what it says of this value, is not the contract's. */
    static final String WRONG_SCHEMA = "WRONG_SCHEMA";
    /** The value decodes, but its contract says that it cannot be. */
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

    /** The same, seen from the record or array that holds the value. */
    BadMessage within(String outer) {
        return new BadMessage(kind, path.isEmpty() || path.startsWith("[") ? outer + path : outer + "." + path, getMessage());
    }

    /** The dead letter's reason: kind, path and what is wrong. */
    String reason() { return kind + ": " + (path.isEmpty() ? "" : path + " ") + getMessage(); }
}
