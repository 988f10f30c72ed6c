-- Grain: one indicator; what its targets' operators say of it: whether more is better, or less.
select
    indicators.indicator_id,
    count(*) filter (where targets.comparator in ('>=', '>')) as at_least_count,
    count(*) filter (where targets.comparator in ('<=', '<')) as at_most_count,
    case
        when at_least_count > 0 and at_most_count = 0 then 'more'
        when at_most_count > 0 and at_least_count = 0 then 'less'
    end as direction
from {{ ref('int_line_indicators') }} as indicators
inner join {{ ref('stg_raw__targets') }} as targets
    on indicators.document_id = targets.document_id
    and indicators.reader_version = targets.reader_version
    and indicators.project_line_id = targets.project_line_id
    and indicators.indicator_position = targets.indicator_position
where targets.comparator in ('>=', '>', '<=', '<')
group by indicators.indicator_id
