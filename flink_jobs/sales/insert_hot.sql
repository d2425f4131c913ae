INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
INSERT INTO hot_sales_by_minute
SELECT `minute`, channel,
  SUM(CASE WHEN line_no = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE 0 END), COUNT(*), SUM(units), CAST(SUM(net_amount) AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `minute`, channel;
INSERT INTO hot_sales_by_store
SELECT `day`, store_id, channel, MAX(region),
  SUM(CASE WHEN line_no = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE 0 END), COUNT(*), SUM(units), CAST(SUM(net_amount) AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `day`, store_id, channel;
INSERT INTO hot_sales_by_department
SELECT `day`, department, channel,
  SUM(CASE WHEN line_no = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE 0 END), COUNT(*), SUM(units), CAST(SUM(net_amount) AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `day`, department, channel;
-- Only what is sold is added up here, not what is taken back: a sum that only grows lets the planner keep the fifty and no more. With
-- returns in it the ranking had to keep and sort every product of the day, and was the slowest part of the job by ten times.
INSERT INTO hot_top_products
SELECT `day`, product_id, category, department, `lines`, units, CAST(sold AS DECIMAL(18, 2))
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `day` ORDER BY sold DESC) AS place
  FROM (
    SELECT `day`, product_id, MAX(category) AS category, MAX(department) AS department, COUNT(*) AS `lines`, SUM(units) AS units, SUM(net_amount) AS sold
    FROM hot_lines WHERE net_amount >= 0 GROUP BY `day`, product_id
  )
)
WHERE place <= 50;
INSERT INTO hot_returns_by_minute
SELECT `minute`, channel, transaction_type, COUNT(*), CAST(-SUM(net_amount) AS DECIMAL(18, 2))
FROM hot_lines WHERE transaction_type <> 'SALE' GROUP BY `minute`, channel, transaction_type;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
