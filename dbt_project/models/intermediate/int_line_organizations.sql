-- Grain: one project line of a published document, with the body whose line it is.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with lines as (
    select
        document_id,
        project_line_id,
        normalized_name,
        coalesce({{ without_body_scope(normalized_name('publisher_name')) }}, '') as publisher_key,
        {{ without_body_scope(normalized_name('organization_name')) }} as organization_key
    from {{ ref('int_lines_newest') }}
    where {{ is_of_changed_document('int_facts_changed', 'document_id') }}
)

select
    lines.document_id,
    lines.project_line_id,
    lines.normalized_name,
    coalesce(organizations.organization_id, documents.publisher_organization_id) as organization_id
from lines
inner join {{ ref('int_documents') }} as documents
    on lines.document_id = documents.document_id
left join {{ ref('int_organization_names') }} as organizations
    on lines.publisher_key = organizations.publisher_key
    and lines.organization_key = organizations.name_key
