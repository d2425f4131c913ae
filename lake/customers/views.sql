CREATE OR REPLACE VIEW lake.live.customer_profiles COMMENT 'Purchases of each member who has consented to profiling, up to this second' AS
SELECT
  customer_id, CAST(from_iso8601_timestamp(first_at) AT TIME ZONE 'UTC' AS timestamp(6)) AS first_at,
  CAST(from_iso8601_timestamp(last_at) AT TIME ZONE 'UTC' AS timestamp(6)) AS last_at,
  date_diff('day', from_iso8601_timestamp(last_at), current_timestamp) AS recency_days,
  baskets, lines, CAST(net_amount AS decimal(18, 2)) AS net_amount, favourite_departments
FROM hot.customers.profile
WHERE customer_id IN (SELECT customer_id FROM lake.loyalty.members WHERE is_current AND consent_profiling);
