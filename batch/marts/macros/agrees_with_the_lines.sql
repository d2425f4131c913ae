{% macro agrees_with_the_lines(mart) -%}
-- Compares lines and amount of each day exactly.
WITH source_days AS (
  SELECT CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, count(*) AS lines, sum(net_amount) AS net_amount FROM {{ lines() }} GROUP BY 1
),
mart_days AS (SELECT sold_on, sum(lines) AS lines, sum(net_amount) AS net_amount FROM {{ mart }} GROUP BY 1)
SELECT coalesce(s.sold_on, m.sold_on) AS sold_on, s.lines, m.lines AS mart_lines, s.net_amount, m.net_amount AS mart_net_amount
FROM source_days s FULL JOIN mart_days m ON m.sold_on = s.sold_on
WHERE s.lines IS DISTINCT FROM m.lines OR s.net_amount IS DISTINCT FROM m.net_amount
{%- endmacro %}
