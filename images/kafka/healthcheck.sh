#!/bin/bash
# Sends a real ApiVersions request (api 18, version 0, correlation id 1, no client id) and checks the error code of the response.
exec 3<>/dev/tcp/127.0.0.1/9092 || exit 1
printf '\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x01\xff\xff' >&3
answer=$(timeout 3 head -c 10 <&3 | od -An -tx1 | tr -d ' \n')
[ "${answer:8:12}" = "000000010000" ]
