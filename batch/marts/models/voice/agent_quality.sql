{{ config(materialized='table') }}
-- Only calls that are in contacts, so that both have the same number.
SELECT
  c.week, l.queue, l.agent_id, count(*) AS calls, count_if(l.resolved) AS settled, round(avg(l.sentiment), 4) AS satisfaction,
  round(avg(element_at(l.course, -1) - element_at(l.course, 1)), 4) AS change_of_feeling, round(avg(l.talk_share), 4) AS talk_share,
  round(avg(CAST(l.duration_ms AS double)) / 1000, 1) AS seconds_a_call, round(avg(CAST(l.hold_ms AS double)) / 1000, 1) AS hold_seconds_a_call,
  sum(l.interruptions) AS interruptions, sum(l.transfers) AS transfers
FROM {{ ref('contacts') }} c JOIN {{ source('voice', 'calls') }} l ON l.event_id = c.event_id
WHERE c.kind = 'CALL'
GROUP BY 1, 2, 3
