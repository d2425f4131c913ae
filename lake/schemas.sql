-- The schemas of the lake, one an area, and live. A dump's schema comes from its contract (tillstream/deploy/dump_tables.py).
-- A table that a Flink job writes is append-only, has one writer, and is partitioned by the day of the event. Each row has the event's id, or the
-- message's place. Each commit deletes old metadata files, because the sales job commits every 10 s.
CREATE SCHEMA IF NOT EXISTS lake.sales;
CREATE SCHEMA IF NOT EXISTS lake.web;
CREATE SCHEMA IF NOT EXISTS lake.quality;
CREATE SCHEMA IF NOT EXISTS lake.inventory;
CREATE SCHEMA IF NOT EXISTS lake.voice;
-- The views that the dashboards query, each in the folder of the area that it is about. A figure comes from Redis if a rollup has it, and from the
-- lake if it needs dimensions that no rollup combines.
CREATE SCHEMA IF NOT EXISTS lake.live;
