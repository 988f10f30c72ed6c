-- Per body and year, and per indicator and year, the aggregates count the counted annual targets of the facts: each once, those
-- of regions together as many as those of all regions.
with targets as (
    select budgets.organization_id, facts.indicator_id, facts.fiscal_year, facts.comparator, facts.target_value
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where budgets.is_counted and facts.period = 'annual' and facts.fiscal_year is not null
),

expected as (
    select 'specificity' as aggregate_name, organization_id as id, fiscal_year, count(*) as target_count,
        count(target_value) as number_count
    from targets
    group by organization_id, fiscal_year
    union all
    select 'benchmarks of all regions' as aggregate_name, indicator_id as id, fiscal_year, count(*) as target_count, 0 as number_count
    from targets
    where comparator <> 'missing'
    group by indicator_id, fiscal_year
    union all
    select 'benchmarks by region' as aggregate_name, indicator_id as id, fiscal_year, count(*) as target_count, 0 as number_count
    from targets
    where comparator <> 'missing'
    group by indicator_id, fiscal_year
),

counted as (
    select 'specificity' as aggregate_name, organization_id as id, fiscal_year, target_count, quantified_count as number_count
    from {{ ref('agg_target_specificity') }}
    union all
    select
        case when is_all_regions then 'benchmarks of all regions' else 'benchmarks by region' end as aggregate_name,
        indicator_id as id, fiscal_year, sum(target_count) as target_count, 0 as number_count
    from {{ ref('agg_indicator_benchmarks') }}
    group by is_all_regions, indicator_id, fiscal_year
),

lost as (
    select * from expected
    except all
    select * from counted
),

invented as (
    select * from counted
    except all
    select * from expected
)

select 'lost' as finding, lost.* from lost
union all
select 'invented' as finding, invented.* from invented
