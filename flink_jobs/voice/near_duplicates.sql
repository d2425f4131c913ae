-- A text that is nearly the same as an earlier one of the same store and day gets that one's id in duplicate_of: the first text with the same
-- fingerprint a or b. In different stores, two customers have said the same.
SELECT
  event_id, run_id, channel, ${feedback_words}, rating, customer_id, store_id, order_id, product_id, ${feedback_judged},
  event_time, kafka_time, ${feedback_named},
  CASE WHEN first_a <> event_id THEN first_a WHEN first_b <> event_id THEN first_b END AS duplicate_of
FROM (
  SELECT *, FIRST_VALUE(event_id) OVER (PARTITION BY fingerprint_b, store_id, `day` ORDER BY proc_time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS first_b
  FROM (
    SELECT *, FIRST_VALUE(event_id) OVER (PARTITION BY fingerprint_a, store_id, `day` ORDER BY proc_time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS first_a
    FROM (SELECT *, FLOOR(event_time TO DAY) AS `day` FROM understood WHERE kind = 'TEXT' AND fingerprint_a IS NOT NULL)
  )
)
UNION ALL
SELECT
  event_id, run_id, channel, ${feedback_words}, rating, customer_id, store_id, order_id, product_id, ${feedback_judged},
  event_time, kafka_time, ${feedback_named},
  CAST(NULL AS STRING)
FROM understood WHERE kind = 'TEXT' AND fingerprint_a IS NULL;
