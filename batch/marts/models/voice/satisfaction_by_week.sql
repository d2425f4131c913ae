{{ config(materialized='table') }}
WITH contact_subjects AS (
  SELECT week, 'ALL' AS subject_kind, 'ALL' AS subject, is_unhappy, sentiment FROM {{ ref('contacts') }}
  UNION ALL
  SELECT week, 'TOPIC', t.topic, is_unhappy, sentiment FROM {{ ref('contacts') }} CROSS JOIN UNNEST(topics) AS t (topic)
  UNION ALL
  SELECT week, 'STORE', store_id, is_unhappy, sentiment FROM {{ ref('contacts') }} WHERE store_id IS NOT NULL
  UNION ALL
  SELECT week, 'PRODUCT_TYPE', product_type, is_unhappy, sentiment FROM {{ ref('contacts') }} WHERE product_type IS NOT NULL
),
measured AS (
  SELECT week, subject_kind, subject, count(*) AS contacts, count_if(is_unhappy) AS unhappy, round(avg(sentiment), 4) AS satisfaction
  FROM contact_subjects GROUP BY 1, 2, 3
),
sold AS (
  SELECT CAST(date_trunc('week', sold_on) AS date) AS week, 'ALL' AS subject_kind, 'ALL' AS subject, sum(net_amount) AS net_amount FROM {{ ref('sales_by_day') }} GROUP BY 1
  UNION ALL
  SELECT CAST(date_trunc('week', sold_on) AS date), 'STORE', store_id, sum(net_amount) FROM {{ ref('sales_by_day') }} GROUP BY 1, 3
  UNION ALL
  SELECT CAST(date_trunc('week', d.sold_on) AS date), 'PRODUCT_TYPE', p.product_type, sum(d.net_amount)
  FROM {{ ref('product_days') }} d JOIN {{ source('catalog', 'products') }} p ON p.product_id = d.product_id GROUP BY 1, 3
)
SELECT t.week, t.subject_kind, t.subject, t.contacts, t.unhappy, t.satisfaction, CAST(s.net_amount AS decimal(18, 2)) AS net_amount
FROM measured t LEFT JOIN sold s ON s.week = t.week AND s.subject_kind = t.subject_kind AND s.subject = t.subject
