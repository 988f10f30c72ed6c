-- Grain: one indicator × unit of its targets × fiscal year × region of the bodies that use it; region null is all regions together.
-- Counted lines and annual targets only: of each body once, as int_body_targets has them. Made anew are the regions and years
-- of bodies that changed and, of all regions together, what such regions told of an indicator or tell now.
{{
    config(
        materialized='incremental',
        incremental_strategy='differing',
        unique_key='benchmark_id',
        meta={'made_anew': 'benchmarks_made_anew'}
    )
}}
with told as (
    {{ benchmarks_told() }}
),

targets as (
    select
        targets.*,
        organizations.region_id,
        false as is_all_regions
    from {{ ref('int_body_targets') }} as targets
    inner join {{ ref('dim_organizations') }} as organizations
        on targets.organization_id = organizations.organization_id
    where {{ is_of_changed_region_year('organizations.region_id', 'targets.fiscal_year') }}
    union all
    select
        targets.*,
        null as region_id,
        true as is_all_regions
    from {{ ref('int_body_targets') }} as targets
    where {{ is_of_told_benchmark('targets') }}
),

summed_up as (
    select
        indicator_id,
        unit,
        fiscal_year,
        region_id,
        is_all_regions,
        count(*) as body_count,
        cast(sum(project_count) as bigint) as project_count,
        cast(sum(target_count) as bigint) as target_count,
        cast(sum(formal_count) as bigint) as formal_count,
        {{ values_in_order('target_values') }} as target_values
    from targets
    group by indicator_id, unit, fiscal_year, region_id, is_all_regions
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
