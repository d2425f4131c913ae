-- The sales lines as they were when the run began, so that every model and every test of a run counts the same lines.
{% macro lines() -%}
  {{ source('sales', 'lines').render() }} FOR VERSION AS OF {{ var('lines_snapshot') }}
{%- endmacro %}
