#!/bin/bash
set -euo pipefail
conf=/tmp/server.properties
cp /opt/kafka/server.properties "$conf"
cat >> "$conf" <<CONF
listeners=INTERNAL://:9092,CONTROLLER://localhost:9093,HOST://:9094
advertised.listeners=INTERNAL://kafka:9092,HOST://127.0.0.1:${KAFKA_HOST_PORT:?the port published on the host}
CONF
# Our class comes first: it replaces Kafka's class of the same name.
export CLASSPATH="/opt/kafka/classes:/opt/kafka/libs/*" JAVA_TOOL_OPTIONS=""
# One id in 64 starts with a dash. As a separate argument it would be taken for an option.
[ -e /data/meta.properties ] || java -cp "$CLASSPATH" kafka.tools.StorageTool format "--cluster-id=$(head -c16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')" -c "$conf"
# Let the optimising compiler (C2) compile only code that runs tens of thousands of times: on two cores it took a third of the broker's CPU.
exec java ${KAFKA_HEAP:--Xms256m -Xmx384m} -XX:+UseG1GC -XX:Tier4InvocationThreshold=25000 -XX:Tier4MinInvocationThreshold=5000 -XX:Tier4CompileThreshold=75000 -XX:TrimNativeHeapInterval=30000 -XX:-UsePerfData \
  -XX:MaxMetaspaceSize=128m -XX:+ExitOnOutOfMemoryError \
  -Dlog4j2.configurationFile=/opt/kafka/log4j2.yaml kafka.Kafka "$conf"
