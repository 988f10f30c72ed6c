-- Grain: one issue of a reading.
select
    document_id,
    reader_version,
    issue_number,
    project_line_id,
    severity,
    code,
    message,
    what_to_do,
    page_number,
    bbox
from {{ ref('stg_raw__issues') }}
