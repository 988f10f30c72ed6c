{# Sources and addresses are asked side by side: which of two came first on one day says nothing, and differs from run to run. #}
{% macro fetched_day(moment) -%}
    {{ day_number(moment) }}
{%- endmacro %}
