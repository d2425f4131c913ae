CREATE TEMPORARY VIEW searches AS
SELECT DATE_FORMAT(`minute`, 'yyyy-MM-dd') AS `day`, device, search_terms, result_count
FROM clicks WHERE event_type = 'SEARCH' AND search_terms IS NOT NULL;
