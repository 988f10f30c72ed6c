-- Grain: one indicator, across documents: a name within its levels, however documents spell and number them.
with indicators as (
    select
        indicator_id,
        level_1_code,
        level_1_name,
        level_2_code,
        level_2_name,
        min(indicator_key) as name
    from {{ ref('int_line_indicators') }}
    group by indicator_id, level_1_code, level_1_name, level_2_code, level_2_name
)

select
    indicators.indicator_id,
    indicators.level_1_code,
    indicators.level_1_name,
    indicators.level_2_code,
    indicators.level_2_name,
    indicators.name,
    directions.direction
from indicators
left join {{ ref('int_indicator_directions') }} as directions
    on indicators.indicator_id = directions.indicator_id
