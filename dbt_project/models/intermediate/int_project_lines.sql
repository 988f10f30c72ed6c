-- Grain: one project line of a published document, with its body, its project and whether it counts.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with lines as (
    select
        *,
        coalesce({{ without_body_scope(normalized_name('publisher_name')) }}, '') as publisher_key,
        {{ without_body_scope(normalized_name('organization_name')) }} as organization_key
    from {{ ref('int_lines_newest') }}
    where {{ is_of_changed_document('int_facts_changed', 'document_id') }}
),

lines_of_bodies as (
    select
        lines.*,
        coalesce(organizations.organization_id, documents.publisher_organization_id) as organization_id
    from lines
    inner join {{ ref('int_documents') }} as documents
        on lines.document_id = documents.document_id
    left join {{ ref('int_organization_names') }} as organizations
        on lines.publisher_key = organizations.publisher_key
        and lines.organization_key = organizations.name_key
)

select
    lines.document_id,
    lines.project_line_id,
    lines.table_number,
    lines.line_number,
    lines.view,
    lines.layout,
    views.is_counted,
    lines.organization_id,
    {{ hash_id(['lines.organization_id', 'lines.normalized_name']) }} as project_id,
    lines.printed_name,
    lines.normalized_name,
    lines.fiscal_year,
    lines.total_text,
    lines.total_yuan,
    lines.project_total_text,
    lines.project_total_yuan,
    lines.amount_unit,
    lines.goal_text,
    lines.project_goal_text,
    lines.is_confidential,
    lines.is_recognised,
    lines.page_number,
    lines.bbox,
    lines.locator
from lines_of_bodies as lines
inner join {{ ref('int_views_counted') }} as views
    on lines.document_id = views.document_id
    and lines.view = views.view
