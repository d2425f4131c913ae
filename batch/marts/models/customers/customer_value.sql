{{ config(materialized='table') }}
-- Only members who consented to profiling and bought something in the last 364 days. Quintile 5 is the best. Returns reduce the amount on
-- any day; recency and frequency use only days with a basket. Lifetime value is the expected spend of the next 365 days: spend a day over
-- the last 364 days (or since trade began), times 365, times retention. Retention is measured at each run. It is the share of customers
-- who, 28 days ago, had been away for as long, and have bought since. If trade began less than 56 days ago, half of that time replaces the
-- 28 days.
WITH span AS (
  SELECT least(364, date_diff('day', min(sold_on), current_date) + 1) AS days, greatest(1, least(28, date_diff('day', min(sold_on), current_date) / 2)) AS period
  FROM {{ ref('customer_days') }} WHERE baskets > 0 AND sold_on > date_add('day', -364, current_date)
),
consenting AS (
  SELECT customer_id, max(tier) AS tier FROM {{ source('loyalty', 'members') }} WHERE is_current AND consent_profiling GROUP BY 1
),
bought AS (
  SELECT d.customer_id, max(c.tier) AS tier, min(d.sold_on) FILTER (WHERE d.baskets > 0) AS first_bought_on, max(d.sold_on) FILTER (WHERE d.baskets > 0) AS last_bought_on,
    max(d.sold_on) FILTER (WHERE d.baskets > 0 AND d.sold_on <= date_add('day', -s.period, current_date)) AS last_bought_before, max(s.days) AS days, max(s.period) AS period,
    sum(d.baskets) AS baskets, sum(d.net_amount) AS net_amount
  FROM {{ ref('customer_days') }} d CROSS JOIN span s JOIN consenting c ON c.customer_id = d.customer_id
  WHERE d.sold_on > date_add('day', -364, current_date)
  GROUP BY 1 HAVING sum(d.baskets) > 0
),
away AS (
  SELECT *, date_diff('day', last_bought_on, current_date) AS days_away,
    date_diff('day', last_bought_before, current_date) - period AS days_away_before
  FROM bought
),
classed AS (
  SELECT *, {{ weeks_class('days_away') }} AS weeks_away, {{ weeks_class('days_away_before') }} AS weeks_away_before FROM away
),
kept AS (
  SELECT weeks_away_before AS weeks_away, avg(IF(last_bought_on > date_add('day', -period, current_date), 1e0, 0e0)) AS share
  FROM classed WHERE last_bought_before IS NOT NULL GROUP BY 1
)
SELECT
  c.customer_id, c.tier, c.first_bought_on, c.last_bought_on, c.days_away AS recency_days, c.baskets AS frequency, CAST(c.net_amount AS decimal(18, 2)) AS monetary,
  6 - ntile(5) OVER (ORDER BY c.days_away, c.customer_id) AS recency_quintile,
  ntile(5) OVER (ORDER BY c.baskets, c.customer_id) AS frequency_quintile,
  ntile(5) OVER (ORDER BY c.net_amount, c.customer_id) AS monetary_quintile,
  round(coalesce(k.share, 0), 4) AS retention,
  CAST(greatest(c.net_amount, 0) / c.days * 365 * CAST(coalesce(k.share, 0) AS decimal(6, 4)) AS decimal(18, 2)) AS lifetime_value
FROM classed c LEFT JOIN kept k ON k.weeks_away = c.weeks_away
