-- Grain: one indicator; what its targets' operators say of it: whether more is better, or less.
select
    indicator_id,
    count(*) filter (where comparator in ('>=', '>')) as at_least_count,
    count(*) filter (where comparator in ('<=', '<')) as at_most_count,
    case
        when at_least_count > 0 and at_most_count = 0 then 'more'
        when at_most_count > 0 and at_least_count = 0 then 'less'
    end as direction
from {{ ref('fct_indicator_targets') }}
where comparator in ('>=', '>', '<=', '<')
group by indicator_id
