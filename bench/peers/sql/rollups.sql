-- What a batch adds to each figure. An event that is too old to be shown adds nothing.
WITH shown AS (
  SELECT *, IF(line_position = 1 AND transaction_type = 'SALE', 1, 0) AS baskets, CAST(net_amount * 100 AS BIGINT) AS cents,
    UNIX_SECONDS(event_time) DIV 86400 AS `day`
  FROM kept WHERE kind IS NULL AND event_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
)
SELECT 'minute' AS figure, UNIX_SECONDS(event_time) DIV 60 AS at, channel AS a, transaction_type AS b, CAST(NULL AS STRING) AS c,
  SUM(baskets) AS baskets, COUNT(*) AS `lines`, SUM(units) AS units, SUM(cents) AS cents
FROM shown GROUP BY ALL
UNION ALL
SELECT 'store', `day`, store_id, channel, MAX(region), SUM(baskets), COUNT(*), SUM(units), SUM(cents) FROM shown GROUP BY `day`, store_id, channel
UNION ALL
SELECT 'department', `day`, department, channel, NULL, SUM(baskets), COUNT(*), SUM(units), SUM(cents) FROM shown GROUP BY `day`, department, channel
UNION ALL
SELECT 'product', `day`, product_id, NULL, NULL, 0, COUNT(*), SUM(units), SUM(cents) FROM shown WHERE cents >= 0 GROUP BY `day`, product_id
UNION ALL
SELECT 'dead', UNIX_SECONDS(ingested_at) DIV 60, topic, kind, NULL, 0, COUNT(*), 0, 0 FROM kept WHERE kind IS NOT NULL
GROUP BY UNIX_SECONDS(ingested_at) DIV 60, topic, kind
