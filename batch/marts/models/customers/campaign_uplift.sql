{{ config(materialized='table') }}
-- Difference in differences: the change in daily spend of redeemers, from the 28 days before the campaign to its days so far, less the
-- change of all other customers over the same days.
WITH redeemers AS (
  SELECT r.campaign_id, m.customer_id, count(*) AS redemptions
  FROM {{ source('loyalty', 'redemptions') }} r JOIN {{ source('loyalty', 'members') }} m ON m.member_id = r.member_id AND m.is_current
  WHERE r.campaign_id IS NOT NULL AND m.consent_profiling GROUP BY 1, 2
),
campaigns AS (
  SELECT campaign_id, campaign_type, starts_on, least(ends_on, current_date) AS last_day, households FROM {{ source('loyalty', 'campaigns') }}
  WHERE starts_on <= current_date
),
spend AS (
  SELECT c.campaign_id, d.customer_id, r.customer_id IS NOT NULL AS redeemed,
    coalesce(sum(d.net_amount) FILTER (WHERE d.sold_on >= c.starts_on), 0) AS during,
    coalesce(sum(d.net_amount) FILTER (WHERE d.sold_on >= c.starts_on), 0) / CAST(max(date_diff('day', c.starts_on, c.last_day)) + 1 AS decimal(9, 0)) AS during_a_day,
    coalesce(sum(d.net_amount) FILTER (WHERE d.sold_on < c.starts_on), 0) / DECIMAL '28' AS before_a_day
  FROM campaigns c
  JOIN {{ ref('customer_days') }} d ON d.sold_on BETWEEN date_add('day', -28, c.starts_on) AND c.last_day AND d.customer_id <> ''
  LEFT JOIN redeemers r ON r.campaign_id = c.campaign_id AND r.customer_id = d.customer_id
  GROUP BY 1, 2, 3
)
SELECT
  c.campaign_id, c.campaign_type, c.starts_on, c.last_day, c.households AS households_sent, coalesce(r.redemptions, 0) AS redemptions, coalesce(r.households, 0) AS households_redeemed,
  CAST(coalesce(sum(s.during) FILTER (WHERE s.redeemed), 0) AS decimal(18, 2)) AS net_amount_of_redeemers,
  CAST(avg(s.during_a_day - s.before_a_day) FILTER (WHERE s.redeemed) AS decimal(18, 4)) AS change_of_redeemers,
  CAST(avg(s.during_a_day - s.before_a_day) FILTER (WHERE NOT s.redeemed) AS decimal(18, 4)) AS change_of_others,
  CAST(avg(s.during_a_day - s.before_a_day) FILTER (WHERE s.redeemed) - avg(s.during_a_day - s.before_a_day) FILTER (WHERE NOT s.redeemed) AS decimal(18, 4)) AS uplift_a_day
FROM campaigns c
LEFT JOIN (SELECT campaign_id, sum(redemptions) AS redemptions, count(*) AS households FROM redeemers GROUP BY 1) r ON r.campaign_id = c.campaign_id
LEFT JOIN spend s ON s.campaign_id = c.campaign_id
GROUP BY 1, 2, 3, 4, 5, 6, 7
