-- The sales lines at the snapshot of the run's start, so that all models and tests of a run read the same lines.
{% macro lines() -%}
  {{ source('sales', 'lines').render() }} FOR VERSION AS OF {{ var('lines_snapshot') }}
{%- endmacro %}
