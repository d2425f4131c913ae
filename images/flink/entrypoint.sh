#!/bin/bash
# Arguments: jobmanager, taskmanager, or any command of the image (the submitter). Writes the configuration with the secrets to a private folder at
# each start: no secret is in the image, on a command line, or in the environment that `docker inspect` shows.
set -euo pipefail
umask 077
mkdir -p "$FLINK_CONF_DIR"
cp /opt/flink/log4j-console.properties "$FLINK_CONF_DIR/"
cp /opt/flink/log4j-console.properties "$FLINK_CONF_DIR/log4j-cli.properties"
cp /opt/flink/log4j-console.properties "$FLINK_CONF_DIR/log4j.properties"
python3 - <<'PY'
import os
from pathlib import Path
from ruamel.yaml import YAML

yaml = YAML(typ="safe")
yaml.default_flow_style = False
yaml.width = 100000
conf = yaml.load(Path("/opt/flink/config.yaml"))
secret = lambda name: Path("/run/secrets", name).read_text().strip()
conf["s3"]["access-key"] = "lake"
conf["s3"]["secret-key"] = secret("minio_lake_password")
if os.environ.get("FLINK_HOST_NAME"):
    conf["taskmanager"]["host"] = os.environ["FLINK_HOST_NAME"]
tasks = int(os.environ.get("SALES_PARALLELISM", "2"))
# The four other jobs need one slot each. Network memory grows with the tasks: the sales job has a buffer for each pair of its tasks.
conf["taskmanager"]["numberOfTaskSlots"] = tasks + 4
conf["taskmanager"]["memory"]["network"] = {"min": f"{48 * tasks}m", "max": f"{48 * tasks}m"}
memory = int(os.environ.get("TASKMANAGER_MB", "4100")) - 1572
conf["taskmanager"]["memory"]["process"] = {"size": f"{memory}m"}
if os.environ.get("FLINK_STATE") == "rocksdb":
    # Memory for RocksDB's caches and write buffers. The heap needs that much less.
    conf["taskmanager"]["memory"]["managed"] = {"size": f"{memory // 4}m"}
yaml.dump(conf, Path(os.environ["FLINK_CONF_DIR"], "config.yaml"))
PY
# Iceberg's S3FileIO reads its keys from the AWS credentials chain. Use a file, so that they are not in the environment.
mkdir -p /tmp/aws
printf '[default]\naws_access_key_id=lake\naws_secret_access_key=%s\n' "$(cat /run/secrets/minio_lake_password)" > /tmp/aws/credentials
export AWS_SHARED_CREDENTIALS_FILE=/tmp/aws/credentials AWS_REGION=us-east-1
case "${1:-}" in
  jobmanager)
    rm -f /tmp/ill-since
    # The digest tells which code the jobs in ZooKeeper are from. It includes the names of all jars: Flink and the connectors may change too.
    digest=$( (sha256sum < "$FLINK_HOME/lib/tillstream-flink.jar"; ls "$FLINK_HOME/lib") | sha256sum | cut -d' ' -f1)
    java -XX:TieredStopAtLevel=1 -Xmx64m -cp "$FLINK_HOME/lib/*" tillstream.cluster.JobsOfOtherCode zookeeper:2181 /flink/tillstream "$digest"
    exec "$FLINK_HOME/bin/jobmanager.sh" start-foreground ;;
  taskmanager) exec "$FLINK_HOME/bin/taskmanager.sh" start-foreground ;;
  *) exec "$@" ;;
esac
