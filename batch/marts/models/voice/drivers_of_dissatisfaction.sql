{{ config(materialized='table') }}
-- Unhappy contacts with a topic, beyond the number expected at the unhappy share of the week's other contacts.
WITH by_topic AS (
  SELECT week, t.topic, count(*) AS contacts, count_if(is_unhappy) AS unhappy FROM {{ ref('contacts') }} CROSS JOIN UNNEST(topics) AS t (topic) GROUP BY 1, 2
),
weeks AS (SELECT week, count(*) AS contacts, count_if(is_unhappy) AS unhappy FROM {{ ref('contacts') }} GROUP BY 1),
compared AS (
  SELECT s.week, s.topic, s.contacts, s.unhappy, CAST(w.unhappy - s.unhappy AS double) / nullif(w.contacts - s.contacts, 0) AS others_share
  FROM by_topic s JOIN weeks w ON w.week = s.week
)
SELECT week, topic, contacts, unhappy, round(CAST(unhappy AS double) / contacts, 4) AS unhappy_share, round(others_share, 4) AS others_unhappy_share,
  round(unhappy - contacts * others_share, 1) AS unhappy_beyond_others
FROM compared
