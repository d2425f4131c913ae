#!/usr/bin/env bash
# Tries the lake on AWS without AWS: Glue's catalog and S3 are simulated by moto on this machine. Trino 476, pyiceberg, and PyFlink 2.1 and 2.2
# use them with the settings of docs/aws/. Needs no Docker; needs Maven, a JDK 17 for Flink and a JDK 24 or newer for Trino (TRINO_JAVA).
. "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"
WORK=$ROOT/.build/aws PORT=5055 TRINO_PORT=18080
TRINO_JAVA=${TRINO_JAVA:-$(find /usr/lib/jvm -path '*25*/bin/java' 2>/dev/null | head -n1)}
FLINK_JAVA=${FLINK_JAVA:-$(dirname "$(dirname "$(find /usr/lib/jvm -path '*17*/bin/java' 2>/dev/null | head -n1)")")}
[ -x "$TRINO_JAVA" ] || die "Trino needs a JDK 24 or newer: set TRINO_JAVA to its java"
[ -x "$FLINK_JAVA/bin/java" ] || die "Flink needs a JDK 17: set FLINK_JAVA to its folder"
command -v mvn >/dev/null || die "Maven is missing"
[ -e .venv/ready ] || scripts/venv.sh
mkdir -p "$WORK/logs"
export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 LAKE_BUCKET=lake
export AWS_SIMULATION=http://127.0.0.1:$PORT

# venv NAME PACKAGE...: makes a virtual environment with packages, once.
venv() {
  local folder=$WORK/$1; shift
  [ -e "$folder/ready" ] && return
  .venv/bin/python -m venv --clear "$folder"
  "$folder/bin/pip" install --disable-pip-version-check -q "setuptools<81" "$@" && touch "$folder/ready"
}
# jar COORDINATES: copies an artifact of Maven into $WORK/jars, once.
jar() { [ -e "$WORK/jars/$(cut -d: -f2,3 <<<"$1" | tr : -).${2:-jar}" ] || mvn -B -q dependency:copy -Dartifact="$1${2:+:$2}" -DoutputDirectory="$WORK/jars"; }
download() {
  venv lake 'moto[glue,s3,server]==5.2.5' 'pyiceberg[glue,pyarrow]==0.12.0'
  venv flink-2.1 apache-flink==2.1.3
  venv flink-2.2 apache-flink==2.2.1
  jar io.trino:trino-server-core:476 tar.gz
  jar io.trino:trino-iceberg:476 zip
  local name
  for name in iceberg:iceberg-flink-runtime-2.1:1.11.0 iceberg:iceberg-aws-bundle:1.11.0 hadoop:hadoop-client-api:3.4.1 hadoop:hadoop-client-runtime:3.4.1 flink:flink-sql-connector-kafka:5.0.0-2.2 flink:flink-sql-avro:2.1.0; do jar "org.apache.$name"; done
  local version
  for version in 2.1 2.2; do cp "$WORK"/jars/iceberg-*.jar "$WORK"/jars/hadoop-*.jar "$WORK"/flink-$version/lib/python3*/site-packages/pyflink/lib/; done
}
unpack_trino() {
  rm -rf "$WORK/trino" && mkdir -p "$WORK/trino/etc/catalog" "$WORK/trino/data"
  tar -xzf "$WORK/jars/trino-server-core-476.tar.gz" -C "$WORK/trino" --strip-components=1
  unzip -q "$WORK/jars/trino-iceberg-476.zip" -d "$WORK/trino/plugin" && mv "$WORK/trino/plugin/trino-iceberg-476" "$WORK/trino/plugin/iceberg"
  sed "s/http.port=8080/http.port=$TRINO_PORT/; s/localhost:8080/localhost:$TRINO_PORT/" images/trino/etc/config.properties > "$WORK/trino/etc/config.properties"
  # The file as it stands, and the address of the simulation. A stand-in for the catalog `hot` lets the views be made.
  { cat docs/aws/trino-lake.properties; printf '%s\n' "hive.metastore.glue.endpoint-url=$AWS_SIMULATION" "s3.endpoint=$AWS_SIMULATION" s3.path-style-access=true; } > "$WORK/trino/etc/catalog/lake.properties"
  cp "$WORK/trino/etc/catalog/lake.properties" "$WORK/trino/etc/catalog/hot.properties"
}
PIDS=()
stop() { for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT

quietly "$WORK/logs/download.log" "downloading moto, Trino, pyiceberg and PyFlink" download
unpack_trino
"$WORK/lake/bin/moto_server" -H 127.0.0.1 -p "$PORT" > "$WORK/logs/moto.log" 2>&1 & PIDS+=($!)
mapfile -t options < images/trino/etc/jvm.config
(cd "$WORK/trino/data" && exec "$TRINO_JAVA" "${options[@]}" -Dconfig=../etc/config.properties -Dcatalog.config-dir=../etc/catalog \
  -Dnode.environment=aws -Dnode.id=aws -Dnode.bind-ip=127.0.0.1 -Dnode.internal-address=127.0.0.1 -Dnode.data-dir="$WORK/trino/data" -Dplugin.dir=../plugin -cp '../lib/*' io.trino.server.TrinoServer) > "$WORK/logs/trino.log" 2>&1 & PIDS+=($!)
wait_for 30 "the simulation of AWS" curl -fs "$AWS_SIMULATION/moto-api/"
wait_for 180 "Trino's start" grep -q "SERVER STARTED" "$WORK/logs/trino.log"
say "pyiceberg"
"$WORK/lake/bin/python" bench/aws/lake.py
say "Trino, with the statements of make up"
TRINO_HOST=127.0.0.1 TRINO_PORT_INSIDE=$TRINO_PORT .venv/bin/python -m bench.aws.tables
for version in 2.1 2.2; do
  say "Flink $version with iceberg-flink-runtime-2.1"
  JAVA_HOME=$FLINK_JAVA "$WORK/flink-$version/bin/python" bench/aws/flink.py "$version" > "$WORK/logs/flink-$version.log" 2>&1 || { tail -n 30 "$WORK/logs/flink-$version.log" >&2; die "Flink $version failed"; }
  grep '^written' "$WORK/logs/flink-$version.log"
done
TRINO_HOST=127.0.0.1 TRINO_PORT_INSIDE=$TRINO_PORT .venv/bin/python -m bench.aws.tables --written 2.1 2.2
say "Our Java code with Flink 2.2"
rm -rf "$WORK/classes" && mkdir -p "$WORK/classes"
classpath=$(printf '%s:' "$WORK"/flink-2.2/lib/python3*/site-packages/pyflink/lib/*.jar "$WORK"/jars/flink-sql-*.jar)
(cd flink_jobs/java && find . -name '*.java' -print0 | xargs -0 "$FLINK_JAVA/bin/javac" -encoding UTF-8 --release 17 -Xlint:all,-processing,-serial,-classfile -Werror -cp "$classpath" -d "$WORK/classes")
note "compiles without a warning: Flink 2.2.1, Kafka connector 5.0.0-2.2, flink-sql-avro 2.1.0"
