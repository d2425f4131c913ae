CREATE OR REPLACE VIEW lake.live.sales_by_minute COMMENT 'Sales of the last 24 hours by minute and channel, up to this second' AS
SELECT
  CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute",
  channel, baskets, lines, units, CAST(net_amount AS decimal(18, 2)) AS net_amount
FROM hot.sales.by_minute;

CREATE OR REPLACE VIEW lake.live.sales_today COMMENT 'Today''s sales by minute and channel, up to this second' AS
SELECT * FROM lake.live.sales_by_minute WHERE "minute" >= CAST(date_trunc('day', current_timestamp AT TIME ZONE 'UTC') AS timestamp(6));

CREATE OR REPLACE VIEW lake.live.stores_today COMMENT 'Today''s sales by store and channel, up to this second' AS
SELECT store_id, channel, region, baskets, lines, units, CAST(net_amount AS decimal(18, 2)) AS net_amount
FROM hot.sales.by_store WHERE "day" = format_datetime(current_timestamp AT TIME ZONE 'UTC', 'yyyy-MM-dd');

CREATE OR REPLACE VIEW lake.live.departments_today COMMENT 'Today''s sales by department and channel, up to this second' AS
SELECT department, channel, baskets, lines, units, CAST(net_amount AS decimal(18, 2)) AS net_amount
FROM hot.sales.by_department WHERE "day" = format_datetime(current_timestamp AT TIME ZONE 'UTC', 'yyyy-MM-dd');

CREATE OR REPLACE VIEW lake.live.top_products_today COMMENT 'Today''s best-selling products, up to this second' AS
SELECT product_id, coalesce(category, 'Unknown') AS category, department, lines, units, CAST(net_amount AS decimal(18, 2)) AS net_amount
FROM hot.sales.top_products WHERE "day" = format_datetime(current_timestamp AT TIME ZONE 'UTC', 'yyyy-MM-dd')
ORDER BY net_amount DESC LIMIT ${ranked};

CREATE OR REPLACE VIEW lake.live.returns_by_minute COMMENT 'Lines taken back in the last 24 hours by minute, channel and kind' AS
SELECT CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute", channel, transaction_type, lines, CAST(net_amount AS decimal(18, 2)) AS net_amount
FROM hot.sales.returns_by_minute;

-- Joins the hot store (the last 24 hours, up to this second) and the lake (all history). If both have a minute and channel, the one with more lines
-- wins, because a count of lines never shrinks. So no figure disappears while a checkpoint is late or the hot store is refilled. No line counts
-- twice: a minute and channel is one row.
CREATE OR REPLACE VIEW lake.live.sales COMMENT 'Sales by minute and channel: all history from the lake, the last 24 hours from the hot store' AS
SELECT
  coalesce(h."minute", l."minute") AS "minute", coalesce(h.channel, l.channel) AS channel,
  IF(h.lines >= coalesce(l.lines, 0), h.baskets, l.baskets) AS baskets, greatest(coalesce(h.lines, 0), coalesce(l.lines, 0)) AS lines,
  IF(h.lines >= coalesce(l.lines, 0), h.units, l.units) AS units,
  IF(h.lines >= coalesce(l.lines, 0), h.net_amount, l.net_amount) AS net_amount, IF(h.lines >= coalesce(l.lines, 0), 'hot', 'lake') AS origin
FROM (
  SELECT
    CAST(date_trunc('minute', event_time) AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute", channel,
    count_if(coalesce(line_position, line_no) = 1 AND transaction_type = 'SALE') AS baskets, count(*) AS lines,
    sum(units) AS units, CAST(sum(net_amount) AS decimal(18, 2)) AS net_amount
  FROM lake.sales.lines
  GROUP BY 1, 2
) l
FULL JOIN lake.live.sales_by_minute h ON h."minute" = l."minute" AND h.channel = l.channel;

-- For charts and filters that combine store, department and channel.
CREATE OR REPLACE VIEW lake.live.lines_today COMMENT 'Today''s lines from the lake, at most 13 s behind' AS
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS timestamp(6)) AS event_time, lpad(CAST(hour(event_time AT TIME ZONE 'UTC') AS varchar), 2, '0') AS hour_of_day,
  store_id, department, channel, category, product_id, event_id, line_no, transaction_type, net_amount, units, coalesce(line_position, line_no) AS line_position
FROM lake.sales.lines
WHERE event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');
