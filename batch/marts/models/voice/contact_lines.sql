{{ config(materialized='table') }}
-- The receipt or order that a text or call is about: the last sale with its number before the contact. The product, or else its type, says
-- which lines the contact is about.
WITH about AS (
  SELECT event_id, order_id, product_id, product_type, event_time FROM {{ ref('contacts') }} WHERE order_id IS NOT NULL
),
sold AS (
  SELECT a.event_id, a.product_id AS about_id, a.product_type AS about_type, l.event_id AS line_event_id, l.line_no, {{ line_position('l.') }} AS line_position, l.product_id, l.product_type, l.store_id,
    l.net_amount, l.event_time AS sold_at, max(l.event_time) OVER (PARTITION BY a.event_id) AS last_sold_at
  FROM about a
  JOIN {{ lines() }} l ON l.transaction_id = a.order_id AND l.event_time <= a.event_time AND l.transaction_type = 'SALE'
  WHERE l.event_time > current_timestamp - INTERVAL '60' DAY
)
SELECT event_id, line_event_id, line_no, line_position, product_id, product_type, store_id, net_amount, sold_at,
  coalesce(product_id = about_id, false) OR coalesce(product_type = about_type, false) AS is_spoken_of
FROM sold WHERE sold_at = last_sold_at
