-- Each search with the name under which it is counted.
SELECT `day`, device, name, without_result
FROM bounded_terms(asked => TABLE searches PARTITION BY (`day`, device), uid => 'terms');
