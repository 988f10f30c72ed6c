{# Sources and addresses are asked side by side: which of two came first on one day says nothing, and differs from run to run. #}
{% macro fetched_day(moment) -%}
    epoch_ms({{ moment }}) // 86400000
{%- endmacro %}
