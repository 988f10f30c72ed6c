-- Grain: one indicator × unit of its targets × fiscal year × region of the bodies that use it; region null is all regions together.
-- Counted lines and annual targets only. 100 % is met by doing what was to be done anyway: such targets are formal.
with targets as (
    select
        facts.indicator_id,
        coalesce(concat_ws('/', facts.unit, facts.per_unit), '') as unit,
        facts.fiscal_year,
        organizations.region_id,
        budgets.organization_id,
        facts.project_id,
        case when facts.target_value_upper is null then facts.target_value end as target_value,
        facts.unit = '%' and facts.target_value = 100 and facts.comparator in ('>=', '=') as is_formal
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    inner join {{ ref('dim_organizations') }} as organizations
        on budgets.organization_id = organizations.organization_id
    where
        facts.is_counted
        and facts.period = 'annual'
        and facts.fiscal_year is not null
        and facts.comparator != 'missing'
),

summed_up as (
    select
        indicator_id,
        unit,
        fiscal_year,
        region_id,
        grouping(region_id) = 1 as is_all_regions,
        count(distinct organization_id) as body_count,
        count(distinct project_id) as project_count,
        count(*) as target_count,
        count(target_value) as quantified_count,
        {{ quantiles('target_value', [0, 0.25, 0.5, 0.75, 1]) }} as quartiles,
        count(*) filter (where is_formal) as formal_count
    from targets
    group by grouping sets (
        (indicator_id, unit, fiscal_year, region_id),
        (indicator_id, unit, fiscal_year)
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
    quantified_count,
    cast({{ element_at('quartiles', 1) }} as decimal(38, 10)) as lowest_value,
    cast({{ element_at('quartiles', 2) }} as decimal(38, 10)) as lower_quartile,
    cast({{ element_at('quartiles', 3) }} as decimal(38, 10)) as median_value,
    cast({{ element_at('quartiles', 4) }} as decimal(38, 10)) as upper_quartile,
    cast({{ element_at('quartiles', 5) }} as decimal(38, 10)) as highest_value,
    formal_count,
    {{ share('formal_count', 'target_count') }} as formal_share
from summed_up
