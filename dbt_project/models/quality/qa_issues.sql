-- Grain: one thing a reader of the data should know, from the newest reading of a document or from the warehouse.
-- What only the warehouse can know is told anew by every build.
{{
    config(
        materialized='incremental',
        pre_hook=[
            "{{ document_rows_are_replaced('int_readings_changed') }}",
            "{% if not execute or is_incremental() %}delete from {{ this }} where found_by = 'warehouse'{% endif %}",
        ]
    )
}}
with of_readings as (
    select
        issues.document_id,
        cast(issues.issue_number as string) as issue_key,
        issues.project_line_id,
        issues.severity,
        issues.code,
        issues.message,
        issues.what_to_do,
        issues.page_number,
        issues.bbox,
        'reading' as found_by
    from {{ ref('stg_raw__issues') }} as issues
    inner join {{ ref('int_documents_read') }} as documents
        on issues.document_id = documents.document_id
        and issues.reader_version = documents.reader_version
    where {{ is_of_changed_document('int_readings_changed', 'issues.document_id') }}
),

of_warehouse as (
    select
        document_id,
        'unresolved_body' as issue_key,
        null as project_line_id,
        severity,
        'unresolved_body' as code,
        message,
        what_to_do,
        null as page_number,
        null as bbox,
        'warehouse' as found_by
    from {{ ref('int_unresolved_bodies') }}
),

issues as (
    select * from of_readings
    union all
    select * from of_warehouse
)

select
    {{ hash_id(['document_id', 'issue_key']) }} as issue_id,
    document_id,
    project_line_id,
    severity,
    code,
    message,
    what_to_do,
    page_number,
    bbox,
    found_by
from issues
