{{ config(materialized='table') }}
WITH spoken_of AS (
  SELECT week, 'ALL' AS subject_kind, 'ALL' AS subject, is_unhappy, sentiment FROM {{ ref('contacts') }}
  UNION ALL
  SELECT week, 'TOPIC', t.topic, is_unhappy, sentiment FROM {{ ref('contacts') }} CROSS JOIN UNNEST(topics) AS t (topic)
  UNION ALL
  SELECT week, 'STORE', store_id, is_unhappy, sentiment FROM {{ ref('contacts') }} WHERE store_id IS NOT NULL
  UNION ALL
  SELECT week, 'PRODUCT_TYPE', product_type, is_unhappy, sentiment FROM {{ ref('contacts') }} WHERE product_type IS NOT NULL
)
SELECT week, subject_kind, subject, count(*) AS contacts, count_if(is_unhappy) AS unhappy, round(avg(sentiment), 4) AS satisfaction
FROM spoken_of GROUP BY 1, 2, 3
