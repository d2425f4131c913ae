-- Generic tests that dbt itself does not bring: the grain, and a range.
{% test grain(model, columns) %}
SELECT {{ columns | join(', ') }}, count(*) AS rows_of_it FROM {{ model }} GROUP BY {{ columns | join(', ') }} HAVING count(*) > 1
{% endtest %}

{% test at_least(model, column_name, least) %}
SELECT {{ column_name }} FROM {{ model }} WHERE {{ column_name }} < {{ least }}
{% endtest %}

{% test at_most(model, column_name, most) %}
SELECT {{ column_name }} FROM {{ model }} WHERE {{ column_name }} > {{ most }}
{% endtest %}
