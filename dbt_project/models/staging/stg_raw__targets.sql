-- Grain: one component of the target of an indicator in one period.
select
    document_id,
    reader_version,
    project_line_id,
    indicator_position,
    period,
    target_text,
    component_number,
    component_subject,
    comparator,
    target_value,
    target_value_upper,
    unit,
    per_unit,
    reference_text,
    deadline_start,
    deadline_end
from {{ source('raw', 'targets') }}
