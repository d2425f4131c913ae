-- Marks the line that counts its basket, whatever number the source gave it. Lines without a position, from before that column, use their
-- number. So does a snapshot that is older than the column (batch/marts/build.py).
{% macro is_first_line() -%}{{ line_position() }} = 1{%- endmacro %}

{% macro line_position(prefix='') -%}
{%- if var('lines_have_positions', true) -%} coalesce({{ prefix }}line_position, {{ prefix }}line_no) {%- else -%} {{ prefix }}line_no {%- endif -%}
{%- endmacro %}
