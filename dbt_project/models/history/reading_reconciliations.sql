-- Grain: one printed total of a reading, check and measure.
select
    document_id,
    reader_version,
    project_line_id,
    organization_name,
    check_name,
    measure,
    declared_yuan,
    summed_yuan,
    difference_yuan,
    tolerance_yuan,
    status
from {{ ref('stg_raw__reconciliations') }}
