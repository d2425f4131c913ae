INSERT INTO hot_customer_profile
SELECT
  customer_id, COUNT(*) + ${since}, MIN(event_time), MAX(event_time), SUM(baskets), COUNT(*),
  CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2)), FAVOURITES(department, cents)
FROM (SELECT * FROM purchases UNION ALL SELECT * FROM earlier_purchases) GROUP BY customer_id;
