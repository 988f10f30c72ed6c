-- Grain: one thing a reader of the data should know, from the newest reading of a document.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_readings_changed') }}") }}
select
    {{ hash_id(['issues.document_id', 'issues.issue_number']) }} as issue_id,
    issues.document_id,
    issues.project_line_id,
    issues.severity,
    issues.code,
    issues.message,
    issues.what_to_do,
    issues.page_number,
    issues.bbox
from {{ ref('stg_raw__issues') }} as issues
inner join {{ ref('int_documents_read') }} as documents
    on issues.document_id = documents.document_id
    and issues.reader_version = documents.reader_version
where {{ is_of_changed_document('int_readings_changed', 'issues.document_id') }}
