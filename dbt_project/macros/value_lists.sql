{# Lists of values that aggregates gather, for quantiles that a list of lists gives as well as its values do. #}

{# Aggregate: the values that are there, in no order. #}
{% macro values_of(value) -%} {{ return(adapter.dispatch('values_of')(value)) }} {%- endmacro %}
{% macro default__values_of(value) -%} list({{ value }}) filter (where {{ value }} is not null) {%- endmacro %}
{% macro spark__values_of(value) -%} collect_list({{ value }}) {%- endmacro %}

{# Aggregate: the values of several lists as one, the smallest first. #}
{% macro values_in_order(lists) -%} {{ return(adapter.dispatch('values_in_order')(lists)) }} {%- endmacro %}
{% macro default__values_in_order(lists) -%} list_sort(flatten(list({{ lists }}))) {%- endmacro %}
{% macro spark__values_in_order(lists) -%} array_sort(flatten(collect_list({{ lists }}))) {%- endmacro %}

{# Of values in order, the smallest that at least this share of them does not exceed; null where there are none. #}
{% macro value_at(values, share) -%} {{ return(adapter.dispatch('value_at')(values, share)) }} {%- endmacro %}
{% macro default__value_at(values, share) -%}
    {{ values }}[greatest(1, cast(ceil(len({{ values }}) * {{ share }}) as integer))]
{%- endmacro %}
{% macro spark__value_at(values, share) -%}
    try_element_at({{ values }}, greatest(1, cast(ceil(size({{ values }}) * {{ share }}) as int)))
{%- endmacro %}

{# How many values a list has. #}
{% macro value_count(values) -%} {{ return(adapter.dispatch('value_count')(values)) }} {%- endmacro %}
{% macro default__value_count(values) -%} coalesce(len({{ values }}), 0) {%- endmacro %}
{% macro spark__value_count(values) -%} cast(size({{ values }}) as bigint) {%- endmacro %}
