{#
  Models of a row per document and something in it are built by document: of what changed since the last build, the rows are
  deleted (document_rows_are_replaced, before) and made anew (is_of_changed_document, in the query). `changed` names the
  model that lists those documents. A full refresh makes every row anew. While dbt parses (`not execute`) it has to meet the
  reference that a later build may follow. What sums up a body's year is built by body and year in the same way, what holds
  a year against the one before for the year that changed and the year after, what holds a body's projects against each other
  by body.
#}
{% macro document_rows_are_replaced(changed) -%}
    {{ rows_are_replaced(changed, 'document_id') }}
{%- endmacro %}

{% macro is_of_changed_document(changed, document_id) -%}
    {{ is_of_changed(changed, 'document_id', document_id) }}
{%- endmacro %}

{% macro body_rows_are_replaced() -%}
    {{ rows_are_replaced('int_body_years_changed', 'organization_id') }}
{%- endmacro %}

{% macro is_of_changed_body(organization_id) -%}
    {{ is_of_changed('int_body_years_changed', 'organization_id', organization_id) }}
{%- endmacro %}

{% macro body_year_rows_are_replaced() -%}
    {{ rows_are_replaced(
        'int_body_years_changed', 'organization_id, fiscal_year', 'organization_id, coalesce(fiscal_year, 0)'
    ) }}
{%- endmacro %}

{% macro is_of_changed_body_year(rows) -%}
    {{ is_of_changed(
        'int_body_years_changed',
        'organization_id, fiscal_year',
        rows ~ '.organization_id, coalesce(' ~ rows ~ '.fiscal_year, 0)'
    ) }}
{%- endmacro %}

{% macro comparisons_made_anew() -%}
    (there.organization_id, there.fiscal_year) in (
        select organization_id, fiscal_year from {{ ref('int_comparisons_changed') }}
    )
{%- endmacro %}

{% macro is_of_changed_comparison(this_year, year_before) -%}
    {{ is_of_changed(
        'int_comparisons_changed',
        'organization_id, fiscal_year',
        'coalesce(' ~ this_year ~ '.organization_id, ' ~ year_before ~ '.organization_id), '
        ~ 'coalesce(' ~ this_year ~ '.fiscal_year, ' ~ year_before ~ '.fiscal_year)'
    ) }}
{%- endmacro %}

{# Of either year of such a comparison. #}
{% macro is_compared_anew(rows) -%}
    (
        {{ is_of_changed(
            'int_comparisons_changed', 'organization_id, fiscal_year', rows ~ '.organization_id, ' ~ rows ~ '.fiscal_year'
        ) }}
        or {{ is_of_changed(
            'int_comparisons_changed', 'organization_id, fiscal_year', rows ~ '.organization_id, ' ~ rows ~ '.fiscal_year + 1'
        ) }}
    )
{%- endmacro %}

{#
  Incremental strategy `differing`: to take a row of a large table out of its key's index and put it back costs more than to
  find that it is as it was. Of the rows that are made anew (meta.made_anew: a macro, about rows `there`) those that no
  longer are, or are otherwise, go; those that are not there come.
#}
{% macro get_incremental_differing_sql(arguments) -%}
    {%- set keys = model.config.unique_key if model.config.unique_key is not string else [model.config.unique_key] -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arguments['target_relation'] }} as there
    where
        {{ context[model.config.meta['made_anew']]() }}
        and not exists (
            select 1
            from {{ arguments['temp_relation'] }} as made
            where
                {% for column in arguments['dest_columns'] -%}
                    made.{{ column.quoted }} is not distinct from there.{{ column.quoted }}{{ ' and ' if not loop.last }}
                {%- endfor %}
        );
    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arguments['temp_relation'] }}
    where ({{ keys | join(', ') }}) not in (select {{ keys | join(', ') }} from {{ arguments['target_relation'] }})
{%- endmacro %}

{% macro rows_are_replaced(changed, key, column=none) -%}
    {%- if not execute or is_incremental() -%}
        delete from {{ this }} where ({{ column or key }}) in (select {{ key }} from {{ ref(changed) }})
    {%- endif -%}
{%- endmacro %}

{% macro is_of_changed(changed, key, column) -%}
    {%- if not execute or is_incremental() -%}
        ({{ column }}) in (select {{ key }} from {{ ref(changed) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#
  In data tests: of what changed, where the build makes only that anew; of everything where everything is made anew, and where
  somebody asks for the tests themselves (dbt test).
#}
{% macro is_tested_document(changed, document_id) -%}
    {{ is_tested(changed, 'document_id', document_id) }}
{%- endmacro %}

{% macro is_tested_body_year(rows) -%}
    {{ is_tested(
        'int_body_years_changed',
        'organization_id, fiscal_year',
        rows ~ '.organization_id, coalesce(' ~ rows ~ '.fiscal_year, 0)'
    ) }}
{%- endmacro %}

{% macro is_tested_body(organization_id) -%}
    {{ is_tested('int_body_years_changed', 'organization_id', organization_id) }}
{%- endmacro %}

{% macro is_tested(changed, key, column) -%}
    {%- if not execute or (flags.WHICH == 'build' and not should_full_refresh()) -%}
        ({{ column }}) in (select {{ key }} from {{ ref(changed) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
