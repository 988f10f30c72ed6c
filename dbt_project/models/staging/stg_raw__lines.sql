-- Grain: one printed line of a reading, whatever its level.
select
    document_id,
    reader_version,
    project_line_id,
    table_number,
    line_number,
    view,
    layout,
    level,
    name,
    organization_name,
    total_text,
    total_yuan,
    project_total_text,
    project_total_yuan,
    amount_unit,
    goal_text,
    project_goal_text,
    is_confidential,
    page_number,
    bbox,
    locator
from {{ source('raw', 'lines') }}
