package tillstream.format;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Reads schemas from the registry. That the registry is down is its caller's failure to retry, never a message's fault. */
final class SchemaRegistry {
    /** A schema id nobody knows is asked for again after this long: a producer may have been deployed a moment ago. */
    private static final long UNKNOWN_FOR_MILLIS = 60_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<Integer, Schema> known = new HashMap<>();
    private final Map<Integer, Long> unknownSince = new HashMap<>();

    SchemaRegistry(String url) { this.url = url; }

    /** The schema with this id, or null where the registry has none. */
    Schema byId(int id) throws IOException {
        Schema schema = known.get(id);
        if (schema != null) { return schema; }
        Long since = unknownSince.get(id);
        if (since != null && System.currentTimeMillis() - since < UNKNOWN_FOR_MILLIS) { return null; }
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url + "/schemas/ids/" + id)).GET());
        // Apicurio answers 400 to an id it cannot hold (a negative one), 404 to one it does not have.
        if (answer.statusCode() == 404 || answer.statusCode() == 400) {
            if (unknownSince.size() > 10_000) { unknownSince.clear(); }
            unknownSince.put(id, System.currentTimeMillis());
            return null;
        }
        schema = new Schema.Parser().parse(body(answer, "schema"));
        known.put(id, schema);
        return schema;
    }

    /** The id under which this schema is registered in the subject; an error where it is not: nothing is registered from here. */
    int idOf(String subject, String schema) throws IOException {
        String request = JSON.writeValueAsString(Map.of("schema", schema));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(request)));
        return Integer.parseInt(body(answer, "id"));
    }

    private static String body(HttpResponse<String> answer, String field) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("the schema registry answered " + answer.statusCode() + " to " + answer.uri() + ": " + answer.body());
        }
        return JSON.readTree(answer.body()).get(field).asText();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the schema registry", e);
        }
    }
}
