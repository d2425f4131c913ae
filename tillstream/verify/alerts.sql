-- By store: the pairs that are low and those that are out of stock, and the number of all alerts. The pairs come from the view of open alerts, and
-- from older alerts than the view shows.
SELECT store_id, sum(low), sum(out), sum(alerts)
FROM (
  SELECT store_id, count_if(level = 'Low') AS low, count_if(level = 'Out') AS out, 0 AS alerts FROM lake.live.stock_alerts_open GROUP BY 1
  UNION ALL
  SELECT store_id, count_if(level = 'LOW'), count_if(level = 'OUT'), 0
  FROM (SELECT store_id, max_by(level, raised_at) AS level, max(raised_at) AS raised_at FROM lake.inventory.alerts GROUP BY store_id, product_id)
  WHERE raised_at < current_timestamp - INTERVAL '${uncounted_days}' DAY GROUP BY 1
  UNION ALL
  SELECT store_id, 0, 0, count(*) FROM lake.inventory.alerts GROUP BY 1
)
GROUP BY 1;
