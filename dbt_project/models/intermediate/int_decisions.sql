-- Grain: one value that reviewers decided about; their last decision stands.
{{ config(materialized='view') }}
select *
from {{ ref('stg_raw__corrections') }}
qualify row_number() over (
    partition by project_line_id, field, fund_source_id, indicator_position, period, component_number
    order by decided_at desc, correction_id desc
) = 1
