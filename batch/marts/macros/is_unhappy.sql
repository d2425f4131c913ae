-- A text or call with a lower sentiment is unhappy. The Flink jobs use the same limit.
{% macro is_unhappy(sentiment) -%}
{{ sentiment }} < -0.2
{%- endmacro %}
