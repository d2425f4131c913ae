-- A text or call below it is unhappy; the jobs count by the same.
{% macro is_unhappy(sentiment) -%}
{{ sentiment }} < -0.2
{%- endmacro %}
