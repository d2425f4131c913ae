-- Classes of the time since a customer's last purchase: up to 1, 2, 4, 8 weeks, and more.
{% macro weeks_class(days) -%}
CASE WHEN {{ days }} <= 7 THEN 1 WHEN {{ days }} <= 14 THEN 2 WHEN {{ days }} <= 28 THEN 4 WHEN {{ days }} <= 56 THEN 8 ELSE 99 END
{%- endmacro %}
