{#
  What one engine says otherwise than another, here and nowhere else: `default__` is DuckDB's way, `spark__` that of Spark.
  Models, tests and the other macros are written in what both understand; docs/growth.md has the rules.
#}

{# sha256 of a text, in hex. #}
{% macro sha256_hex(text) -%} {{ return(adapter.dispatch('sha256_hex')(text)) }} {%- endmacro %}
{% macro default__sha256_hex(text) -%} sha256({{ text }}) {%- endmacro %}
{% macro spark__sha256_hex(text) -%} sha2({{ text }}, 256) {%- endmacro %}

{#
  Regular expressions: RE2's in DuckDB, Java's in Spark, which (?d) keeps from taking other characters than \n for the end of
  a line. A Jinja string halves backslashes: '\\s'; digits are [0-9], a group in `by` is \\1.
#}

{# A text with every match of a pattern replaced. #}
{% macro replaced(text, pattern, by='') -%} {{ return(adapter.dispatch('replaced')(text, pattern, by)) }} {%- endmacro %}
{% macro default__replaced(text, pattern, by) -%} regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g') {%- endmacro %}
{% macro spark__replaced(text, pattern, by) -%}
    regexp_replace({{ text }}, r'(?d){{ pattern }}', '{{ by | replace("\\", "$") }}')
{%- endmacro %}

{# The first match of a pattern, or of a group in it; '' where there is none. #}
{% macro first_match(text, pattern, group=0) -%}
    {{ return(adapter.dispatch('first_match')(text, pattern, group)) }}
{%- endmacro %}
{% macro default__first_match(text, pattern, group) -%} regexp_extract({{ text }}, '{{ pattern }}', {{ group }}) {%- endmacro %}
{% macro spark__first_match(text, pattern, group) -%} regexp_extract({{ text }}, r'(?d){{ pattern }}', {{ group }}) {%- endmacro %}

{# Whether a pattern matches somewhere in a text. #}
{% macro has_match(text, pattern) -%} {{ return(adapter.dispatch('has_match')(text, pattern)) }} {%- endmacro %}
{% macro default__has_match(text, pattern) -%} regexp_matches({{ text }}, '{{ pattern }}') {%- endmacro %}
{% macro spark__has_match(text, pattern) -%} regexp_like({{ text }}, r'(?d){{ pattern }}') {%- endmacro %}

{#
  Aggregate: texts that are not null, one after the other in an order; where `distinct` is said, which goes without a filter,
  one of equal ones, in their own order.
#}
{% macro joined(text, separator, order_by, distinct=false) -%}
    {{ return(adapter.dispatch('joined')(text, separator, order_by, distinct)) }}
{%- endmacro %}
{% macro default__joined(text, separator, order_by, distinct) -%}
    string_agg({{ 'distinct ' if distinct }}{{ text }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}
{% macro spark__joined(text, separator, order_by, distinct) -%}
    {# a distinct listagg beside another distinct aggregate breaks Spark 4.1 #}
    {%- if distinct -%}
        case when count({{ text }}) > 0 then array_join(array_sort(collect_set({{ text }})), '{{ separator }}') end
    {%- else -%}
        listagg({{ text }}, '{{ separator }}') within group (order by {{ order_by }})
    {%- endif -%}
{%- endmacro %}

{# Aggregate: the values of a group as a list, in an order that no two share; `order_by` is one column. #}
{% macro listed(value, order_by) -%} {{ return(adapter.dispatch('listed')(value, order_by)) }} {%- endmacro %}
{% macro default__listed(value, order_by) -%} list({{ value }} order by {{ order_by }}) {%- endmacro %}
{% macro spark__listed(value, order_by) -%}
    transform(array_sort(collect_list(named_struct('place', {{ order_by }}, 'value', {{ value }}))), one -> one.value)
{%- endmacro %}

{# Aggregate: the values that are there, the smallest first. #}
{% macro values_of(value) -%} {{ return(adapter.dispatch('values_of')(value)) }} {%- endmacro %}
{% macro default__values_of(value) -%} list_sort(list({{ value }}) filter (where {{ value }} is not null)) {%- endmacro %}
{% macro spark__values_of(value) -%} array_sort(collect_list({{ value }})) {%- endmacro %}

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

{# In a select: one row for each element of a list, with its number where a name for that is given. #}
{% macro elements(list, element, number=none) -%}
    {{ return(adapter.dispatch('elements')(list, element, number)) }}
{%- endmacro %}
{% macro default__elements(list, element, number) -%}
    unnest({{ list }}) as {{ element }}{% if number %}, generate_subscripts({{ list }}, 1) as {{ number }}{% endif %}
{%- endmacro %}
{# Spark counts from 0: elements keep their order. #}
{% macro spark__elements(list, element, number) -%}
    {% if number %}posexplode({{ list }}) as ({{ number }}, {{ element }}){% else %}explode({{ list }}) as {{ element }}{% endif %}
{%- endmacro %}

{% macro empty_list() -%} {{ return(adapter.dispatch('empty_list')()) }} {%- endmacro %}
{% macro default__empty_list() -%} cast([] as varchar[]) {%- endmacro %}
{% macro spark__empty_list() -%} cast(array() as array<string>) {%- endmacro %}

{% macro list_length(list) -%} {{ return(adapter.dispatch('list_length')(list)) }} {%- endmacro %}
{% macro default__list_length(list) -%} array_length({{ list }}) {%- endmacro %}
{% macro spark__list_length(list) -%} size({{ list }}) {%- endmacro %}

{# Every two neighbouring characters of a text of two or more. #}
{% macro character_pairs(text) -%} {{ return(adapter.dispatch('character_pairs')(text)) }} {%- endmacro %}
{% macro default__character_pairs(text) -%}
    list_transform(range(1, length({{ text }})), lambda place: substr({{ text }}, place, 2))
{%- endmacro %}
{% macro spark__character_pairs(text) -%}
    transform(sequence(1, length({{ text }}) - 1), place -> substr({{ text }}, place, 2))
{%- endmacro %}

{# The day of a moment, in UTC, as a number. #}
{% macro day_number(moment) -%} {{ return(adapter.dispatch('day_number')(moment)) }} {%- endmacro %}
{% macro default__day_number(moment) -%} epoch_ms({{ moment }}) // 86400000 {%- endmacro %}
{% macro spark__day_number(moment) -%} unix_millis({{ moment }}) div 86400000 {%- endmacro %}

{# Seconds since 1970, with their fractions. #}
{% macro epoch_seconds(moment) -%} {{ return(adapter.dispatch('epoch_seconds')(moment)) }} {%- endmacro %}
{% macro default__epoch_seconds(moment) -%} epoch({{ moment }}) {%- endmacro %}
{% macro spark__epoch_seconds(moment) -%} cast({{ moment }} as double) {%- endmacro %}

{# Between `as` and the bracket of a common table expression: not to be joined at once with what uses it. #}
{% macro computed_first() -%} {{ return(adapter.dispatch('computed_first')()) }} {%- endmacro %}
{% macro default__computed_first() -%} materialized {%- endmacro %}
{% macro spark__computed_first() -%}{%- endmacro %}

{#
  What dbt itself writes for Spark. Types in YAML are DuckDB's; what is built by document on DuckDB is built whole on Spark,
  whose Parquet tables lose no rows.
#}

{% macro spark_type(data_type) -%}
    {%- set name = data_type | lower | trim -%}
    {%- if name.endswith('[]') -%} array<{{ spark_type(name[:-2]) }}>
    {%- elif name.startswith('struct(') -%}
        {%- set fields = [] -%}
        {%- for field in name[7:-1].split(',') -%}
            {%- set parts = (field | trim).split(' ', 1) -%}
            {%- do fields.append(parts[0] ~ ': ' ~ spark_type(parts[1])) -%}
        {%- endfor -%}
        struct<{{ fields | join(', ') }}>
    {%- else -%} {{ {'varchar': 'string', 'timestamp with time zone': 'timestamp'}.get(name, name) }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__cast(field, type) -%} cast({{ field }} as {{ spark_type(type) }}) {%- endmacro %}

{# Not dispatched by dbt; a project's own macro goes before dbt's. #}
{% macro should_full_refresh() -%}
    {{ return(target.type == 'spark' or (config.get('full_refresh') if config.get('full_refresh') is not none else flags.FULL_REFRESH)) }}
{%- endmacro %}

{# Nor does a strategy of increments ever run there, of which Spark would not know `differing`. #}
{% macro dbt_spark_validate_get_incremental_strategy(raw_strategy, file_format) -%}
    {{ return('append') }}
{%- endmacro %}

{# Parquet tables hold to no constraint: what DuckDB refuses is not here, because both build the same. #}
{% macro spark__persist_constraints(relation, model) -%}{%- endmacro %}

{# dbt-spark would write None for a missing value and trip over a quote. #}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for column in agate_table.column_names -%}
                {{ column }} {{ spark_type(types[column]) }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) {{ file_format_clause() }} {{ location_clause() }}
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(1000) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {% for column in agate_table.column_names -%}
                {{ spark__cast(column, types[column]) }}{{ ', ' if not loop.last }}
            {%- endfor %}
            from values
            {%- for row in chunk %}
                ({%- for value in row -%}
                    {%- if value is none -%} cast(null as string) {%- else -%} '{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}' {%- endif -%}
                    {{ ', ' if not loop.last }}
                {%- endfor -%}){{ ',' if not loop.last }}
            {%- endfor %}
            as rows ({{ agate_table.column_names | join(', ') }})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{ return(statements | join(';\n')) }}
{%- endmacro %}
