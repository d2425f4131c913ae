-- Each sale linked to a text or call has all its lines and its exact amount.
WITH tied AS (SELECT event_id, line_event_id, count(*) AS lines, sum(net_amount) AS net_amount FROM {{ ref('contact_lines') }} GROUP BY 1, 2),
sold AS (
  SELECT event_id, count(*) AS lines, sum(net_amount) AS net_amount FROM {{ lines() }} WHERE event_id IN (SELECT line_event_id FROM tied) GROUP BY 1
)
SELECT t.*, s.lines AS lines_sold, s.net_amount AS net_amount_sold FROM tied t LEFT JOIN sold s ON s.event_id = t.line_event_id
WHERE t.lines IS DISTINCT FROM s.lines OR t.net_amount IS DISTINCT FROM s.net_amount
