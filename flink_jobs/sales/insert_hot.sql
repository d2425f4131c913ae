INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
INSERT INTO hot_sales_by_minute
SELECT `minute`, channel, SUM(baskets), SUM(`lines`), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_baskets GROUP BY `minute`, channel;
-- A day becomes text only when a figure is written.
INSERT INTO hot_sales_by_store
SELECT DATE_FORMAT(`day`, 'yyyy-MM-dd'), store_id, channel, MAX(region), SUM(baskets), SUM(`lines`), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_baskets GROUP BY `day`, store_id, channel;
INSERT INTO hot_sales_by_department
SELECT DATE_FORMAT(`day`, 'yyyy-MM-dd'), department, channel, SUM(baskets), SUM(`lines`), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_departments GROUP BY `day`, department, channel;
INSERT INTO hot_returns_by_minute
SELECT `minute`, channel, transaction_type, SUM(`lines`), CAST(CAST(-SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_baskets WHERE transaction_type <> 'SALE' GROUP BY `minute`, channel, transaction_type;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
-- hot_products has no returns. The condition on cents tells that to the planner: only for sums that never shrink does it keep just fifty products.
-- Without the condition the ranking kept and sorted every product of the day, and was ten times slower than any other part of the job.
INSERT INTO hot_top_products
SELECT DATE_FORMAT(r.`day`, 'yyyy-MM-dd'), r.product_id, p.category, COALESCE(p.department, '${no_department}'), r.`lines`, r.units, CAST(CAST(r.sold AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM (
  SELECT `day`, product_id, `lines`, units, sold, PROCTIME() AS proc_time
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY `day` ORDER BY sold DESC) AS place
    FROM (
      SELECT `day`, product_id, SUM(`lines`) AS `lines`, SUM(units) AS units, SUM(cents) AS sold
      FROM hot_products WHERE cents >= 0 GROUP BY `day`, product_id
    )
  )
  WHERE place <= ${ranked}
) AS r
LEFT JOIN products FOR SYSTEM_TIME AS OF r.proc_time AS p ON r.product_id = p.product_id;
