-- Generic tests that dbt does not have. grain: no two rows have the same values in these columns.
{% test grain(model, columns) %}
SELECT {{ columns | join(', ') }}, count(*) AS row_count FROM {{ model }} GROUP BY {{ columns | join(', ') }} HAVING count(*) > 1
{% endtest %}

-- holds: all rules of a model's columns in one query, because Trino takes longer to plan a query than to read a mart. Returns a row for
-- each broken rule. A null breaks none of the limits and no list of values.
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
