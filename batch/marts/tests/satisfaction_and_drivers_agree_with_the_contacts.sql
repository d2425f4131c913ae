-- Contacts and unhappy contacts, by week, and by week and topic.
WITH contacts AS (SELECT week, count(*) AS contacts, count_if(is_unhappy) AS unhappy FROM {{ ref('contacts') }} GROUP BY 1),
satisfaction AS (SELECT * FROM {{ ref('satisfaction_by_week') }}),
topics AS (SELECT week, subject AS topic, contacts, unhappy FROM satisfaction WHERE subject_kind = 'TOPIC'),
drivers AS (SELECT * FROM {{ ref('drivers_of_dissatisfaction') }})
SELECT c.week, 'ALL' AS topic, c.contacts, s.contacts AS other_contacts FROM contacts c LEFT JOIN satisfaction s ON s.week = c.week AND s.subject_kind = 'ALL'
WHERE c.contacts IS DISTINCT FROM s.contacts OR c.unhappy IS DISTINCT FROM s.unhappy
UNION ALL
SELECT coalesce(t.week, d.week), coalesce(t.topic, d.topic), t.contacts, d.contacts FROM topics t FULL JOIN drivers d ON d.week = t.week AND d.topic = t.topic
WHERE t.contacts IS DISTINCT FROM d.contacts OR t.unhappy IS DISTINCT FROM d.unhappy
