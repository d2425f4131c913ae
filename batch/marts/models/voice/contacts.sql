{{ config(materialized='table') }}
-- Texts and calls without personal data. Duplicates and spam are left out.
WITH texts_and_calls AS (
  SELECT 'TEXT' AS kind, event_id, channel, customer_id, store_id, order_id, product_id, products_named, topics, sentiment, intent, urgency, event_time, analysed_at
  FROM {{ source('voice', 'feedback') }} WHERE duplicate_of IS NULL AND intent <> 'SPAM'
  UNION ALL
  SELECT 'CALL', event_id, queue, customer_id, store_id, order_id, product_id, products_named, topics, sentiment, intent, urgency, event_time, analysed_at
  FROM {{ source('voice', 'calls') }}
)
SELECT
  b.event_id, b.kind, CAST(b.event_time AT TIME ZONE 'UTC' AS date) AS contacted_on, CAST(date_trunc('week', b.event_time AT TIME ZONE 'UTC') AS date) AS week,
  b.channel, b.customer_id, b.store_id, b.order_id, b.product_id, coalesce(p.product_type, element_at(b.products_named, 1)) AS product_type,
  coalesce(p.department, t.department) AS department, b.topics, b.sentiment, {{ is_unhappy('b.sentiment') }} AS is_unhappy, b.intent, b.urgency, b.event_time, b.analysed_at
FROM texts_and_calls b
LEFT JOIN {{ source('catalog', 'products') }} p ON p.product_id = b.product_id
LEFT JOIN (SELECT product_type, max(department) AS department FROM {{ source('catalog', 'products') }} GROUP BY 1) t
  ON p.product_id IS NULL AND t.product_type = element_at(b.products_named, 1)
