-- Grain: one indicator, across documents: level codes and names as printed, and a normalized name.
select
    indicator_id,
    level_1_code,
    level_1_name,
    level_2_code,
    level_2_name,
    min(printed_name) as name
from {{ ref('int_line_indicators') }}
group by indicator_id, level_1_code, level_1_name, level_2_code, level_2_name
