{#
  Models of a row per document and something in it are built by document: of what changed since the last build, the rows are
  deleted (document_rows_are_replaced, before) and made anew (is_of_changed_document, in the query). `changed` names the
  model that lists those documents. A full refresh makes every row anew. While dbt parses (`not execute`) it has to meet the
  reference that a later build may follow. What compares the years of a body is built by body in the same way.
#}
{% macro document_rows_are_replaced(changed) -%}
    {{ rows_are_replaced(changed, 'document_id') }}
{%- endmacro %}

{% macro is_of_changed_document(changed, document_id) -%}
    {{ is_of_changed(changed, 'document_id', document_id) }}
{%- endmacro %}

{% macro body_rows_are_replaced() -%}
    {{ rows_are_replaced('int_bodies_changed', 'organization_id') }}
{%- endmacro %}

{% macro is_of_changed_body(organization_id) -%}
    {{ is_of_changed('int_bodies_changed', 'organization_id', organization_id) }}
{%- endmacro %}

{% macro rows_are_replaced(changed, key) -%}
    {%- if not execute or is_incremental() -%}
        delete from {{ this }} where {{ key }} in (select {{ key }} from {{ ref(changed) }})
    {%- endif -%}
{%- endmacro %}

{% macro is_of_changed(changed, key, column) -%}
    {%- if not execute or is_incremental() -%}
        {{ column }} in (select {{ key }} from {{ ref(changed) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
