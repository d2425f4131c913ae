package tillstream.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Reads schemas from the registry. If there is no schema, it tells a fault of the registry from a fault of the message.
 *
 * <p>If the registry does not answer, or answers with an error, it is an IOException: the caller tries again and nothing is lost. If the registry says
 * that it has no such schema, or if the schema is not Avro, the message is at fault: a {@link BadMessage}.
 */
final class SchemaRegistry {
    /** An unknown id is asked for again after this time: its producer may just have been deployed. */
    private static final long UNKNOWN_FOR_MILLIS = 60_000;
    /** The most unknown ids that are remembered, at about 100 bytes each. */
    private static final int MOST_UNKNOWN = 10_000;
    private static final int ASK_SECONDS = 10;
    /** After this many unknown ids in a minute, at 3 ms each, only ids that the registry can have assigned by now are asked for. */
    private static final int MOST_IN_VAIN = 100;
    /** The registry assigns ids in sequence. It cannot have assigned this many more than the highest known id, so no good message is refused. */
    private static final int FARTHEST = 100_000;
    /** The largest schema that is accepted; a contract has 10 KB. Parsing takes many times a schema's size in memory. */
    private static final int LARGEST_ANSWER = 1 << 20;
    /** The most schemas that a schema may refer to, directly and indirectly. It bounds the requests that one message can cause. */
    private static final int MOST_REFERENCES = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<Integer, Unknown> unknown = new HashMap<>();

    private int highest;
    private int inVain;
    private long inVainSince;

    private record Unknown(BadMessage why, long since) { }

    SchemaRegistry(String url) { this.url = url; }

    /**
     * Returns the Avro schema with this id, including all that it refers to. Throws BadMessage if there is none, and remembers that for a minute. A schema
     * is not cached here; the caller keeps it.
     */
    Schema byId(int id) throws IOException {
        // The registry's ids begin at 1.
        if (id <= 0) { throw noSchema("the registry has no schema with id " + id); }
        Unknown known = unknown.get(id);
        if (known != null && System.currentTimeMillis() - known.since < UNKNOWN_FOR_MILLIS) { throw known.why; }
        if (id > highest + FARTHEST && isFlooded()) { throw noSchema("no schema with id " + id + " is known, and too many that nobody has were asked for"); }
        try {
            Schema schema = parsed(ask("/schemas/ids/" + id, "the registry has no schema with id " + id, false), "id " + id);
            highest = Math.max(highest, id);
            return schema;
        } catch (BadMessage e) {
            inVain++;
            if (unknown.size() >= MOST_UNKNOWN) { unknown.clear(); }
            unknown.put(id, new Unknown(e, System.currentTimeMillis()));
            throw e;
        }
    }

    /** Whether too many unknown ids were asked for. Junk with ever new ids would otherwise delay all messages behind it by a request each. */
    private boolean isFlooded() {
        long now = System.currentTimeMillis();
        if (now - inVainSince >= UNKNOWN_FOR_MILLIS) {
            inVain = 0;
            inVainSince = now;
        }
        return inVain >= MOST_IN_VAIN;
    }

    /** Returns the id of this schema in the subject. Throws IOException if it is not registered; this class registers nothing. */
    int idOf(String subject, String schema) throws IOException {
        String request = JSON.writeValueAsString(Map.of("schema", schema));
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(URI.create(url + "/subjects/" + escaped(subject)))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(request)));
        if (answer.statusCode() != 200) { throw ill(answer); }
        JsonNode id = json(answer).get("id");
        if (id == null || !id.canConvertToInt()) { throw ill(answer); }
        return id.intValue();
    }

    private Schema parsed(JsonNode answer, String name) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        gather(answer, name, texts, new HashMap<>());
        try {
            // A writer's schema is only read with, so its defaults do not matter.
            Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);
            Schema last = null;
            for (String text : texts.values()) { last = parser.parse(text); }
            return last;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Errors too: a schema may be nested too deeply for the parser.
            throw wrong(name + " is no Avro schema that can be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Collects the texts of a schema and of all schemas that it refers to, each after the ones it refers to. */
    private void gather(JsonNode answer, String name, Map<String, String> texts, Map<String, Boolean> begun) throws IOException {
        JsonNode type = answer.get("schemaType");
        if (type != null && !type.isNull() && !type.asText().equals("AVRO")) { throw wrong(name + " is of the type " + Texts.cut(type.asText(), 40) + ", not AVRO"); }
        JsonNode text = answer.get("schema");
        if (text == null || !text.isTextual()) { throw wrong(name + " has no schema in the registry's answer"); }
        begun.put(name, true);
        JsonNode references = answer.get("references");
        if (references != null && references.isArray()) {
            for (JsonNode reference : references) {
                String subject = reference.path("subject").asText();
                String version = reference.path("version").asText();
                if (subject.isBlank() || version.isBlank()) { throw wrong(name + " refers to nothing that has a name"); }
                String what = Texts.cut(subject, 100) + " version " + Texts.cut(version, 20);
                if (begun.containsKey(what)) {
                    // Begun but not collected: a cycle of references, which Avro's parser cannot read.
                    if (!texts.containsKey(what)) { throw wrong(name + " refers to itself by way of " + what); }
                    continue;
                }
                if (begun.size() > MOST_REFERENCES) { throw wrong("it refers to more than " + MOST_REFERENCES + " others"); }
                gather(ask("/subjects/" + escaped(subject) + "/versions/" + escaped(version), name + " refers to " + what + ", which the registry has not", true), what, texts, begun);
            }
        }
        texts.put(name, text.asText());
    }

    /**
     * Returns the registry's answer. Throws BadMessage if the registry itself says that it has no such schema: its own 404 has an error code, which a 404
     * of a proxy or of a wrong address does not have. For a reference, any refusal counts as the registry's own: it has just answered, and the schema's
     * author chose the path.
     */
    private JsonNode ask(String path, String none, boolean reference) throws IOException {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(URI.create(url + path)).GET());
        int status = answer.statusCode();
        if (status == 200) {
            if (answer.body().length > LARGEST_ANSWER) { throw wrong("its schema has more than " + LARGEST_ANSWER + " bytes"); }
            return json(answer);
        }
        if ((status == 404 || status == 400 || status == 422) && (reference || json(answer).path("error_code").isInt())) { throw noSchema(none); }
        throw ill(answer);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        try {
            JsonNode node = JSON.readTree(answer.body());
            if (node != null && node.isObject()) { return node; }
        } catch (JsonProcessingException e) {
            // Drop the exception: Jackson's text would quote the answer.
        }
        throw ill(answer);
    }

    private static IOException ill(HttpResponse<byte[]> answer) {
        String body = Texts.cut(new String(answer.body(), StandardCharsets.UTF_8), 200);
        return new IOException("the schema registry answered " + answer.statusCode() + " to " + answer.uri() + ": " + body);
    }

    private static BadMessage noSchema(String what) { return new BadMessage("UNKNOWN_SCHEMA", what); }

    private static BadMessage wrong(String what) { return new BadMessage(BadMessage.WRONG_SCHEMA, what); }

    private static String escaped(String part) { return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"); }

    /** Sends a request and waits for the whole answer. The client's own timeout covers only the headers. */
    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request.build(), head -> new Bounded(LARGEST_ANSWER + 1).subscriber());
        try {
            return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the schema registry", e);
        } catch (TimeoutException e) {
            throw new IOException("the schema registry has not answered after " + ASK_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("the schema registry does not answer: " + e.getCause(), e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Keeps the first bytes of an answer and drops the rest. */
    private static final class Bounded {
        private final int most;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Bounded(int most) { this.most = most; }

        HttpResponse.BodySubscriber<byte[]> subscriber() {
            return HttpResponse.BodySubscribers.mapping(
                    HttpResponse.BodySubscribers.ofByteArrayConsumer(chunk -> chunk.ifPresent(part -> kept.write(part, 0, Math.min(part.length, most - kept.size())))),
                    done -> kept.toByteArray());
        }
    }
}
