SELECT c.week, c.calls, a.calls AS calls_of_agents
FROM (SELECT week, count(*) AS calls FROM {{ ref('contacts') }} WHERE kind = 'CALL' GROUP BY 1) c
FULL JOIN (SELECT week, sum(calls) AS calls FROM {{ ref('agent_quality') }} GROUP BY 1) a ON a.week = c.week
WHERE c.calls IS DISTINCT FROM a.calls
