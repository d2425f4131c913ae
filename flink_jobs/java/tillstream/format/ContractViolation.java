package tillstream.format;

/** A value that decodes but that its contract says cannot be. Made often under faults, so it carries no stack trace. */
final class ContractViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ContractViolation(String message) { super(message, null, false, false); }

    ContractViolation within(String outer) {
        String inner = getMessage();
        return new ContractViolation(inner.startsWith("[") ? outer + inner : inner.startsWith(" ") ? outer + inner : outer + "." + inner);
    }
}
