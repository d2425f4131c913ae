CREATE OR REPLACE VIEW lake.live.dead_letters_by_minute COMMENT 'Messages set aside in the last 24 hours by minute, topic and kind' AS
SELECT CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute", topic, kind, messages
FROM hot.quality.dead_letters_by_minute;
