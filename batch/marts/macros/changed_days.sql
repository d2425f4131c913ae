{#
  Condition for the lines of changed days: days with another number of lines in the lake than in this model. These are new days, and days
  with late lines. The lake's count comes from the metadata of its day partitions; lines are only added, never removed.
  One pass covers the oldest changed days with a million lines together, or one day: a larger GROUP BY needs more than Trino's heap.
  batch/marts/build.py repeats the run until no day is left. Consecutive days become one range, so that other partitions are not read.
#}
{% macro on_changed_days() -%}
  {%- if flags.EMPTY %} false
  {%- elif execute %}
    {%- set mart = 'SELECT sold_on AS day, sum(lines) AS lines FROM ' ~ this ~ ' GROUP BY 1' if is_incremental() else "SELECT DATE '1970-01-01' AS day, 0 AS lines" -%}
    {%- set lines = source('sales', 'lines') -%}
    {%- set query -%}
      WITH changed AS (
        SELECT p.partition.event_time_day AS day, sum(p.record_count) OVER (ORDER BY p.partition.event_time_day) - p.record_count AS lines_before
        FROM {{ lines.database }}.{{ lines.schema }}."{{ lines.identifier }}$partitions" p
        LEFT JOIN ({{ mart }}) m ON m.day = p.partition.event_time_day
        WHERE p.record_count <> coalesce(m.lines, 0)
      )
      SELECT min(day), date_add('day', 1, max(day))
      FROM (SELECT day, date_add('day', -row_number() OVER (ORDER BY day), day) AS stretch FROM changed WHERE lines_before < {{ var('lines_a_pass') }})
      GROUP BY stretch ORDER BY 1
    {%- endset -%}
    (false
    {%- for first, end in run_query(query).rows %} OR (event_time >= TIMESTAMP '{{ first }} 00:00:00 UTC' AND event_time < TIMESTAMP '{{ end }} 00:00:00 UTC')
    {%- endfor %})
  {%- else %} true {%- endif -%}
{%- endmacro %}
