-- By how much each click changes the figures of a minute.
SELECT FLOOR(last_at TO MINUTE) AS `minute`, device, sessions, viewed, added, checked_out, paid, baskets, unpaid
FROM sessions_of(click => TABLE clicks PARTITION BY session_id, uid => 'sessions');
