-- A text or call with a lower sentiment is unhappy. The limit is in tillstream/core/rules.py, and the Flink jobs use it too.
{% macro is_unhappy(sentiment) -%}
{{ sentiment }} < {{ var('unhappy') }}
{%- endmacro %}
