-- Grain: one indicator of a printed line.
select
    document_id,
    reader_version,
    project_line_id,
    indicator_position,
    indicator_number,
    level_1_code,
    level_1_name,
    level_2_code,
    level_2_name,
    name,
    weight,
    nature_text,
    unit_text,
    explanation_text,
    prior_value_text,
    page_number,
    bbox,
    locator
from {{ ref('stg_raw__indicators') }}
