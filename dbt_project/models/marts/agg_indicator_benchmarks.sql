-- Grain: one indicator × unit of its targets × fiscal year × region of the bodies that use it; region null is all regions together.
-- Counted lines and annual targets only: of each body once, as int_body_targets has them.
with summed_up as (
    select
        targets.indicator_id,
        targets.unit,
        targets.fiscal_year,
        organizations.region_id,
        grouping(organizations.region_id) = 1 as is_all_regions,
        count(*) as body_count,
        cast(sum(targets.project_count) as bigint) as project_count,
        cast(sum(targets.target_count) as bigint) as target_count,
        cast(sum(targets.formal_count) as bigint) as formal_count,
        {{ values_in_order('targets.target_values') }} as target_values
    from {{ ref('int_body_targets') }} as targets
    inner join {{ ref('dim_organizations') }} as organizations
        on targets.organization_id = organizations.organization_id
    group by grouping sets (
        (targets.indicator_id, targets.unit, targets.fiscal_year, organizations.region_id),
        (targets.indicator_id, targets.unit, targets.fiscal_year)
    )
)

select
    {{ hash_id([
        'indicator_id', 'unit', 'fiscal_year', "case when is_all_regions then 'all' else coalesce(region_id, '') end"
    ]) }} as benchmark_id,
    indicator_id,
    unit,
    fiscal_year,
    region_id,
    is_all_regions,
    body_count,
    project_count,
    target_count,
    {{ value_count('target_values') }} as quantified_count,
    cast({{ value_at('target_values', 0) }} as decimal(38, 10)) as lowest_value,
    cast({{ value_at('target_values', 0.25) }} as decimal(38, 10)) as lower_quartile,
    cast({{ value_at('target_values', 0.5) }} as decimal(38, 10)) as median_value,
    cast({{ value_at('target_values', 0.75) }} as decimal(38, 10)) as upper_quartile,
    cast({{ value_at('target_values', 1) }} as decimal(38, 10)) as highest_value,
    formal_count,
    {{ share('formal_count', 'target_count') }} as formal_share
from summed_up
