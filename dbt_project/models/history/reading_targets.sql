-- Grain: one component of the target of an indicator in one period.
select
    document_id,
    reader_version,
    project_line_id,
    indicator_position,
    period,
    component_number,
    component_subject,
    target_text,
    comparator,
    target_value,
    target_value_upper,
    unit,
    per_unit,
    reference_text,
    deadline_start,
    deadline_end
from {{ ref('stg_raw__targets') }}
