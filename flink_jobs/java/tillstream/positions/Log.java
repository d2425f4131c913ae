package tillstream.positions;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.admin.Admin;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.flink.kafka.shaded.org.apache.kafka.common.TopicPartition;
import org.apache.flink.kafka.shaded.org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.flink.kafka.shaded.org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads and changes Kafka's partitions before a job starts, through the connector's own client. Called by flink_jobs.common.client. */
public final class Log implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How many offsets back the last record is looked for. Between it and the offset are only transaction markers, or filler: then it is not found. */
    private static final int LOOK_BACK = 100;
    /** The most filler records in one transaction. */
    private static final long MOST_AT_ONCE = 50_000;

    private final String bootstrap;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public Log(String bootstrap) {
        this.bootstrap = bootstrap;
        // The end is the next record's offset, even if a transaction is open.
        consumer = consumer("read_uncommitted");
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("isolation.level", isolation);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Returns each partition of the topics as `topic partition begin end committed`; committed is -1 if the group has committed nothing. */
    public List<String> partitions(String group, List<String> topics) throws Exception {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic, PATIENCE).forEach(info -> all.add(new TopicPartition(topic, info.partition())));
        }
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all, PATIENCE);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> committed;
        try (Admin admin = admin()) {
            committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        }
        return all.stream()
                .map(p -> String.join(" ", p.topic(), "" + p.partition(), "" + begins.get(p), "" + ends.get(p),
                        "" + (committed.get(p) == null ? -1 : committed.get(p).offset())))
                .collect(Collectors.toList());
    }

    /** Returns the time of the last record before an offset, in milliseconds since 1970; -1 if there is none. Filler of {@link #fill} does not count. */
    public long timeBefore(String topic, int partition, long offset) {
        TopicPartition place = new TopicPartition(topic, partition);
        long from = Math.max(consumer.beginningOffsets(Set.of(place), PATIENCE).get(place), offset - LOOK_BACK);
        long time = -1;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> reader = consumer("read_committed")) {
            reader.assign(Set.of(place));
            reader.seek(place, from);
            while (reader.position(place) < offset && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofSeconds(1))) {
                    if (record.offset() < offset) { time = record.timestamp(); }
                }
            }
        }
        return time;
    }

    /** Sets a group's committed offsets: `topic partition offset` each. */
    public void setCommitted(String group, List<String> places) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>();
        for (String text : places) {
            String[] parts = text.split(" ");
            wanted.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), new OffsetAndMetadata(Long.parseLong(parts[2])));
        }
        try (Admin admin = admin()) { admin.alterConsumerGroupOffsets(group, wanted).all().get(); }
    }

    /**
     * Moves a partition's end past an offset that a job has read and Kafka has lost. It writes filler records in aborted transactions, which nobody reads.
     * The job then continues where it was, and no new event gets an offset that the job has already passed.
     */
    public void fill(String topic, int partition, long offset) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", "tillstream-fill-" + topic + "-" + partition);
        settings.put("compression.type", "lz4");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (long end = end(place); end < offset; end = end(place)) {
                producer.beginTransaction();
                // Flush before the abort: the producer would drop records that it has not sent yet.
                for (long i = Math.min(offset - end, MOST_AT_ONCE); i > 0; i--) { producer.send(new ProducerRecord<>(topic, partition, null, new byte[0])); }
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    /** Deletes every key of a compacted topic that has a value, by a tombstone each, and returns their number. */
    public int forget(String topic) throws Exception {
        Map<ByteBuffer, Integer> held = keys(topic);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            held.forEach((key, partition) -> sent.add(producer.send(new ProducerRecord<>(topic, partition, key.array(), null))));
            producer.flush();
        }
        for (Future<?> future : sent) { future.get(); }
        return held.size();
    }

    /** Returns each key of a topic whose last record has a value, with its partition. */
    private Map<ByteBuffer, Integer> keys(String topic) {
        Map<ByteBuffer, Integer> held = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> reader = consumer("read_committed")) {
            List<TopicPartition> all = reader.partitionsFor(topic, PATIENCE).stream().map(info -> new TopicPartition(topic, info.partition())).collect(Collectors.toList());
            Map<TopicPartition, Long> ends = reader.endOffsets(all, PATIENCE);
            reader.assign(all);
            reader.seekToBeginning(all);
            long readAt = System.nanoTime();
            while (all.stream().anyMatch(place -> reader.position(place, PATIENCE) < ends.get(place))) {
                ConsumerRecords<byte[], byte[]> records = reader.poll(Duration.ofSeconds(1));
                if (!records.isEmpty()) { readAt = System.nanoTime(); }
                if (System.nanoTime() - readAt > PATIENCE.toNanos()) { throw new IllegalStateException("Kafka has returned no record of " + topic + " for " + PATIENCE.toSeconds() + " s, and its end is not reached"); }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.key() == null) { continue; }
                    if (record.value() == null) { held.remove(ByteBuffer.wrap(record.key())); } else { held.put(ByteBuffer.wrap(record.key()), record.partition()); }
                }
            }
        }
        return held;
    }

    private long end(TopicPartition place) { return consumer.endOffsets(Set.of(place), PATIENCE).get(place); }

    private Admin admin() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return Admin.create(settings);
    }

    @Override public void close() { consumer.close(); }
}
