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

/** Kafka's partitions as a job that starts finds them, through the connector's own client. Called by flink_jobs.common.client. */
public final class Log implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The last record before an offset is at most so far before it: between them are only the ends of transactions, or more filling than that: then it is not known. */
    private static final int LOOK_BACK = 100;
    /** So many records of filling go into one transaction. */
    private static final long MOST_AT_ONCE = 50_000;

    private final String bootstrap;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public Log(String bootstrap) {
        this.bootstrap = bootstrap;
        // The end is where the next record goes, whatever transaction is open.
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

    /** Each partition of the topics as `topic partition begin end committed`; -1 where the group has committed nothing. */
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

    /** When the last record before an offset was made, in milliseconds since 1970; -1 where none is left there. What {@link #fill} has put there is none. */
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

    /** Sets where a group goes on that has no state: `topic partition offset` each. */
    public void setCommitted(String group, List<String> places) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>();
        for (String text : places) {
            String[] parts = text.split(" ");
            wanted.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), new OffsetAndMetadata(Long.parseLong(parts[2])));
        }
        try (Admin admin = admin()) { admin.alterConsumerGroupOffsets(group, wanted).all().get(); }
    }

    /**
     * Moves a partition's end past an offset that a job has read and the disk has lost: with transactions that are given up, whose records
     * nobody reads. So the job goes on where it was, and no new event takes an offset that it takes for read.
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
                // Each is sent before it is given up: what still waits in the producer would be dropped.
                for (long i = Math.min(offset - end, MOST_AT_ONCE); i > 0; i--) { producer.send(new ProducerRecord<>(topic, partition, null, new byte[0])); }
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    /** Says of each key of a compacted topic that has a value that it has none any more, and gives how many those were. */
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
        for (Future<?> one : sent) { one.get(); }
        return held.size();
    }

    /** Each key of a topic whose last record has a value, and its partition. */
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
                if (System.nanoTime() - readAt > PATIENCE.toNanos()) { throw new IllegalStateException("Kafka gives no more of " + topic); }
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
