-- Grain: one decision of a reviewer about one value.
select
    correction_id,
    document_id,
    project_line_id,
    field,
    fund_source_id,
    indicator_position,
    period,
    component_number,
    decision,
    printed_value,
    new_value,
    reason,
    decided_by,
    decided_at
from {{ source('raw', 'corrections') }}
