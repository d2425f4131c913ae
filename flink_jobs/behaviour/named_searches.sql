-- Each search under the name by which it is counted.
SELECT `day`, device, name, without_result
FROM bounded_terms(asked => TABLE searches PARTITION BY (`day`, device), uid => 'terms');
