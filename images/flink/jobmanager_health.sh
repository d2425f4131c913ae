#!/bin/bash
# Healthy means that the JobManager lists its jobs. If it has not for three minutes, this script kills it, and Docker restarts it. After its session
# with ZooKeeper had expired, a JobManager took part in no election, and answered "ongoing leader election" forever.
since=/tmp/ill-since
if curl -fsS --max-time 8 --output /dev/null http://127.0.0.1:8081/jobs/overview; then
  rm -f "$since"
  exit 0
fi
[ -e "$since" ] || date +%s > "$since"
if (( $(date +%s) - $(<"$since") > 180 )); then
  echo "no answer for three minutes: restarting the JobManager" > /proc/1/fd/2
  rm -f "$since"
  kill 1
fi
exit 1
