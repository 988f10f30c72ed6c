-- Grain: one project line of the newest reading of a complete or partial document.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_readings_changed') }}") }}
select
    lines.document_id,
    lines.project_line_id,
    lines.table_number,
    lines.line_number,
    lines.view,
    lines.layout,
    lines.name as printed_name,
    {{ normalized_name('lines.name') }} as normalized_name,
    nullif(trim(lines.organization_name), '') as organization_name,
    documents.publisher_name,
    documents.fiscal_year,
    lines.total_text,
    lines.total_yuan,
    lines.project_total_text,
    lines.project_total_yuan,
    lines.amount_unit,
    lines.goal_text,
    lines.project_goal_text,
    coalesce(lines.is_confidential, false) as is_confidential,
    coalesce(lines.is_recognised, false) as is_recognised,
    lines.transfer_heading,
    lines.page_number,
    lines.bbox,
    lines.locator
from {{ ref('stg_raw__lines') }} as lines
inner join {{ ref('int_documents_read') }} as documents
    on lines.document_id = documents.document_id
    and lines.reader_version = documents.reader_version
where
    lines.level = 'project'
    and documents.is_published
    and {{ is_of_changed_document('int_readings_changed', 'lines.document_id') }}
