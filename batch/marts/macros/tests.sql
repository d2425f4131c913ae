-- Generic tests that dbt itself does not bring. The grain: no two rows of the same.
{% test grain(model, columns) %}
SELECT {{ columns | join(', ') }}, count(*) AS rows_of_it FROM {{ model }} GROUP BY {{ columns | join(', ') }} HAVING count(*) > 1
{% endtest %}

-- All rules of a model's columns in one reading of it, for Trino takes longer to plan a query than to read a mart: a row for each rule that
-- is broken. A null is neither too small nor too large, nor another than the values that may be.
{% test holds(model, never_null=[], at_least={}, at_most={}, one_of={}) %}
{%- set rules = [] -%}
{%- for name in never_null %}{% do rules.append((name ~ ' is never null', name ~ ' IS NULL')) %}{% endfor -%}
{%- for name, least in at_least.items() %}{% do rules.append((name ~ ' is at least ' ~ least, name ~ ' < ' ~ least)) %}{% endfor -%}
{%- for name, most in at_most.items() %}{% do rules.append((name ~ ' is at most ' ~ most, name ~ ' > ' ~ most)) %}{% endfor -%}
{%- for name, values in one_of.items() -%}
  {%- do rules.append((name ~ ' is one of ' ~ values | join(', '), 'CAST(' ~ name ~ " AS varchar) NOT IN ('" ~ values | join("', '") ~ "')")) -%}
{%- endfor -%}
SELECT rule, broken
FROM (SELECT ARRAY[{% for _, broken in rules %}count_if({{ broken }}){{ ', ' if not loop.last }}{% endfor %}] AS counts FROM {{ model }})
CROSS JOIN UNNEST(ARRAY[{% for rule, _ in rules %}'{{ rule }}'{{ ', ' if not loop.last }}{% endfor %}], counts) AS t (rule, broken)
WHERE broken > 0
{% endtest %}
