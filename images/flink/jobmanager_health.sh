#!/bin/bash
# Well where the JobManager tells its jobs. One that has told none for three minutes ends, and Docker starts it again: when its session with
# ZooKeeper had expired it took part in no election any more, and answered "ongoing leader election" for ever.
since=/tmp/ill-since
if curl -fsS --max-time 8 --output /dev/null http://127.0.0.1:8081/jobs/overview; then
  rm -f "$since"
  exit 0
fi
[ -e "$since" ] || date +%s > "$since"
if (( $(date +%s) - $(<"$since") > 180 )); then
  echo "no answer for three minutes: the JobManager is started again" > /proc/1/fd/2
  rm -f "$since"
  kill 1
fi
exit 1
