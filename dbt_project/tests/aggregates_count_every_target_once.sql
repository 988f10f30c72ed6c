-- The aggregates count the counted annual targets of the facts, each once: per body and year, and from the bodies on per indicator
-- and year, those of regions together as many as those of all regions.
with targets as (
    select budgets.organization_id, facts.fiscal_year, facts.comparator, facts.target_value
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where
        budgets.is_counted
        and facts.period = 'annual'
        and facts.fiscal_year is not null
        and {{ is_tested_body_year('budgets') }}
),

facts as (
    select
        organization_id,
        fiscal_year,
        count(*) as target_count,
        count(target_value) as number_count,
        count(case when comparator <> 'missing' then 1 end) as told_count
    from targets
    group by organization_id, fiscal_year
),

specificity as (
    select organization_id, fiscal_year, target_count, quantified_count
    from {{ ref('agg_target_specificity') }} as aggregates
    where {{ is_tested_body_year('aggregates') }}
),

bodies as (
    select organization_id, fiscal_year, sum(target_count) as target_count
    from {{ ref('int_body_targets') }} as targets
    where {{ is_tested_body_year('targets') }}
    group by organization_id, fiscal_year
),

told as (
    select indicator_id, fiscal_year, sum(target_count) as target_count
    from {{ ref('int_body_targets') }}
    group by indicator_id, fiscal_year
),

benchmarks as (
    select
        indicator_id,
        fiscal_year,
        sum(case when is_all_regions then target_count end) as of_all_regions,
        sum(case when not is_all_regions then target_count end) as of_regions
    from {{ ref('agg_indicator_benchmarks') }}
    group by indicator_id, fiscal_year
)

select
    'specificity' as aggregate_name,
    coalesce(facts.organization_id, specificity.organization_id) as id,
    coalesce(facts.fiscal_year, specificity.fiscal_year) as fiscal_year
from facts
full outer join specificity
    on facts.organization_id = specificity.organization_id
    and facts.fiscal_year = specificity.fiscal_year
where
    facts.target_count is distinct from specificity.target_count
    or facts.number_count is distinct from specificity.quantified_count
union all
select
    'targets of a body' as aggregate_name,
    coalesce(facts.organization_id, bodies.organization_id) as id,
    coalesce(facts.fiscal_year, bodies.fiscal_year) as fiscal_year
from facts
full outer join bodies
    on facts.organization_id = bodies.organization_id
    and facts.fiscal_year = bodies.fiscal_year
where coalesce(facts.told_count, 0) <> coalesce(bodies.target_count, 0)
union all
select
    'benchmarks' as aggregate_name,
    coalesce(told.indicator_id, benchmarks.indicator_id) as id,
    coalesce(told.fiscal_year, benchmarks.fiscal_year) as fiscal_year
from told
full outer join benchmarks
    on told.indicator_id = benchmarks.indicator_id
    and told.fiscal_year = benchmarks.fiscal_year
where
    told.target_count is distinct from benchmarks.of_all_regions
    or told.target_count is distinct from benchmarks.of_regions
