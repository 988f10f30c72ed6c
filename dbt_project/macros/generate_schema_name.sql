{# Schemas are named exactly staging, intermediate, marts and quality: they are the public contract. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
