-- Redemptions and the redeemers' spend of each campaign, exactly, recomputed from the redemptions and the lines.
WITH redeemers AS (
  SELECT r.campaign_id, m.customer_id, count(*) AS redemptions
  FROM {{ source('loyalty', 'redemptions') }} r JOIN {{ source('loyalty', 'members') }} m ON m.member_id = r.member_id
  WHERE m.is_current AND m.consent_profiling GROUP BY 1, 2
),
bought AS (
  SELECT u.campaign_id, sum(l.net_amount) AS net_amount
  FROM {{ ref('campaign_uplift') }} u
  JOIN redeemers r ON r.campaign_id = u.campaign_id
  JOIN {{ lines() }} l ON l.customer_id = r.customer_id AND CAST(l.event_time AT TIME ZONE 'UTC' AS date) BETWEEN u.starts_on AND u.last_day
  GROUP BY 1
),
redeemed AS (SELECT campaign_id, sum(redemptions) AS redemptions FROM redeemers GROUP BY 1)
SELECT u.campaign_id, u.redemptions, r.redemptions AS expected_redemptions, u.net_amount_of_redeemers, b.net_amount AS expected_net_amount
FROM {{ ref('campaign_uplift') }} u
LEFT JOIN redeemed r ON r.campaign_id = u.campaign_id
LEFT JOIN bought b ON b.campaign_id = u.campaign_id
WHERE u.redemptions <> coalesce(r.redemptions, 0) OR u.net_amount_of_redeemers <> coalesce(b.net_amount, 0)
