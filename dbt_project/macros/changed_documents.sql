{#
  Models of a row per document and something in it are built by document: of what changed since the last build, the rows are
  deleted (document_rows_are_replaced, before) and made anew (is_of_changed_document, in the query). `changed` names the
  model that lists those documents. A full refresh makes every row anew. While dbt parses (`not execute`) it has to meet the
  reference that a later build may follow.
#}
{% macro document_rows_are_replaced(changed) -%}
    {%- if not execute or is_incremental() -%}
        delete from {{ this }} where document_id in (select document_id from {{ ref(changed) }})
    {%- endif -%}
{%- endmacro %}

{% macro is_of_changed_document(changed, document_id) -%}
    {%- if not execute or is_incremental() -%}
        {{ document_id }} in (select document_id from {{ ref(changed) }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
