{# A part of a whole, both counts, rounded half up: by whole numbers, so that no engine's way of rounding shows. #}
{% macro share(part, whole, digits=4) -%}
    cast(
        floor(({{ 2 * 10 ** digits }} * ({{ part }}) + ({{ whole }})) / (2 * ({{ whole }}))) / {{ 10 ** digits }}
        as decimal({{ digits + 1 }}, {{ digits }})
    )
{%- endmacro %}
