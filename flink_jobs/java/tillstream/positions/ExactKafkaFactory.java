package tillstream.positions;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.flink.kafka.shaded.org.apache.kafka.common.TopicPartition;
import org.apache.flink.streaming.connectors.kafka.config.BoundedMode;
import org.apache.flink.streaming.connectors.kafka.config.StartupMode;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.Collector;
import tillstream.format.ByTopic;

/**
 * The connector {@code kafka-exact}: a source like {@code kafka}, but an offset that Kafka does not have is an error.
 *
 * <p>Flink's builder derives `auto.offset.reset` from where a source begins and ignores the option. A job that began at the beginning would be set back to
 * it when its offset is past the end, and would read everything again. The start itself does not need the policy: a job seeks to the beginning or to its
 * committed offsets.
 *
 * <p>A source of several topics tells its format the topic of each message.
 */
public final class ExactKafkaFactory extends KafkaDynamicTableFactory {
    @Override public String factoryIdentifier() { return "kafka-exact"; }

    @Override
    protected KafkaDynamicSource createKafkaTableSource(
            DataType physicalDataType, DecodingFormat<DeserializationSchema<RowData>> keyFormat, DecodingFormat<DeserializationSchema<RowData>> valueFormat,
            int[] keyProjection, int[] valueProjection, String keyPrefix, List<String> topics, Pattern topicPattern, Properties properties,
            StartupMode startup, Map<TopicPartition, Long> startupOffsets, long startupMillis, BoundedMode bounded, Map<TopicPartition, Long> boundedOffsets,
            long boundedMillis, String identifier, Integer parallelism) {
        return new Exact(physicalDataType, keyFormat, valueFormat, keyProjection, valueProjection, keyPrefix, topics, topicPattern, properties, startup,
                startupOffsets, startupMillis, bounded, boundedOffsets, boundedMillis, identifier, parallelism);
    }

    private static final class Exact extends KafkaDynamicSource {
        Exact(DataType physicalDataType, DecodingFormat<DeserializationSchema<RowData>> keyFormat, DecodingFormat<DeserializationSchema<RowData>> valueFormat,
                int[] keyProjection, int[] valueProjection, String keyPrefix, List<String> topics, Pattern topicPattern, Properties properties,
                StartupMode startup, Map<TopicPartition, Long> startupOffsets, long startupMillis, BoundedMode bounded,
                Map<TopicPartition, Long> boundedOffsets, long boundedMillis, String identifier, Integer parallelism) {
            super(physicalDataType, keyFormat, valueFormat, keyProjection, valueProjection, keyPrefix, topics, topicPattern, properties, startup,
                    startupOffsets, startupMillis, bounded, boundedOffsets, boundedMillis, false, identifier, parallelism);
        }

        @Override
        public DynamicTableSource copy() {
            Exact copy = new Exact(physicalDataType, keyDecodingFormat, valueDecodingFormat, keyProjection, valueProjection, keyPrefix, topics, topicPattern,
                    properties, startupMode, specificStartupOffsets, startupTimestampMillis, boundedMode, specificBoundedOffsets, boundedTimestampMillis,
                    tableIdentifier, parallelism);
            copy.producedDataType = producedDataType;
            copy.metadataKeys = metadataKeys;
            copy.watermarkStrategy = watermarkStrategy;
            return copy;
        }

        @Override
        protected KafkaSource<RowData> createKafkaSource(
                DeserializationSchema<RowData> keys, DeserializationSchema<RowData> values, TypeInformation<RowData> produced) {
            KafkaSource<RowData> source = super.createKafkaSource(keys, values, produced);
            try {
                ((Properties) field("props").get(source)).setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
                if (values instanceof ByTopic byTopic) {
                    Field reading = field("deserializationSchema");
                    @SuppressWarnings("unchecked") var whole = (KafkaRecordDeserializationSchema<RowData>) reading.get(source);
                    reading.set(source, new TopicFirst(byTopic, whole));
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("this version of Flink's Kafka connector does not have the fields of 4.0: adapt ExactKafkaFactory", e);
            }
            return source;
        }

        private static Field field(String name) throws NoSuchFieldException {
            Field field = KafkaSource.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }
    }

    /** Tells the decoder the topic of a message before it decodes the message. */
    private record TopicFirst(ByTopic decoder, KafkaRecordDeserializationSchema<RowData> whole) implements KafkaRecordDeserializationSchema<RowData> {
        @Override public void open(DeserializationSchema.InitializationContext context) throws Exception { whole.open(context); }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RowData> out) throws IOException {
            decoder.nextIsOf(record.topic());
            whole.deserialize(record, out);
        }

        @Override public TypeInformation<RowData> getProducedType() { return whole.getProducedType(); }
    }
}
