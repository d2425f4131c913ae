{{ config(materialized='table') }}
-- Only members who consented to profiling. Compares the days after the first unhappy text or call, 28 at most, with as many days before it.
-- The day itself is in neither.
WITH consenting AS (
  SELECT DISTINCT customer_id FROM {{ source('loyalty', 'members') }} WHERE is_current AND consent_profiling
),
unhappy AS (
  SELECT c.customer_id, min(c.contacted_on) AS unhappy_on, count(*) AS unhappy_contacts, min_by(element_at(c.topics, 1), c.event_time) AS first_topic
  FROM {{ ref('contacts') }} c JOIN consenting m ON m.customer_id = c.customer_id
  WHERE c.is_unhappy GROUP BY 1
),
spans AS (SELECT *, least(28, greatest(0, date_diff('day', unhappy_on, current_date) - 1)) AS days FROM unhappy)
SELECT s.customer_id, s.unhappy_on, s.unhappy_contacts, s.first_topic, s.days,
  coalesce(sum(d.baskets) FILTER (WHERE d.sold_on < s.unhappy_on), 0) AS baskets_before,
  coalesce(sum(d.baskets) FILTER (WHERE d.sold_on > s.unhappy_on), 0) AS baskets_after,
  CAST(coalesce(sum(d.net_amount) FILTER (WHERE d.sold_on < s.unhappy_on), 0) AS decimal(18, 2)) AS net_amount_before,
  CAST(coalesce(sum(d.net_amount) FILTER (WHERE d.sold_on > s.unhappy_on), 0) AS decimal(18, 2)) AS net_amount_after
FROM spans s
LEFT JOIN {{ ref('customer_days') }} d
  ON d.customer_id = s.customer_id AND abs(date_diff('day', s.unhappy_on, d.sold_on)) BETWEEN 1 AND s.days
GROUP BY 1, 2, 3, 4, 5
