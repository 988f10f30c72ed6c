-- A division's code begins as its parent's: 440104 stands under 440100 or 440000, 440100 under 440000.
select
    region_id,
    level,
    parent_region_id
from {{ ref('regions') }}
where not case level
    when 'country' then parent_region_id is null
    when 'province' then region_id like '__0000' and parent_region_id = '100000'
    when 'city' then region_id like '____00' and parent_region_id = left(region_id, 2) || '0000'
    when 'county' then parent_region_id in (left(region_id, 4) || '00', left(region_id, 2) || '0000')
    else false
end
