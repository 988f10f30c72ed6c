-- Grain: one suspicion about a project that its years held against each other raise.
{{ config(materialized='incremental', pre_hook="{{ body_rows_are_replaced() }}") }}
with years as (
    select *
    from {{ ref('int_project_years') }}
    where {{ is_of_changed_body('organization_id') }}
),

-- 万元 taken for 元 or the reverse
ten_thousandfold as (
    select
        'ten_thousandfold' as kind,
        later.organization_id,
        later.project_id,
        later.fiscal_year,
        later.project_line_id,
        concat(
            later.total_yuan, ' yuan in ', later.fiscal_year, ', ', earlier.total_yuan, ' yuan in ', earlier.fiscal_year
        ) as evidence
    from years as later
    inner join years as earlier
        on later.project_id = earlier.project_id
        and later.fiscal_year = earlier.fiscal_year + 1
    where
        later.total_yuan > 0
        and earlier.total_yuan > 0
        and greatest(later.total_yuan / earlier.total_yuan, earlier.total_yuan / later.total_yuan) between 3000 and 30000
),

unchanged as (
    select
        organization_id,
        project_id,
        max(fiscal_year) as fiscal_year,
        concat(
            count(distinct indicator_id), ' targets are as they were in each of the years ',
            min(fiscal_year) - 1, ' to ', max(fiscal_year)
        ) as evidence
    from {{ ref('fct_indicator_changes') }}
    where {{ is_of_changed_body('organization_id') }}
    group by organization_id, project_id
    having
        bool_and(change = 'unchanged')
        and count(distinct indicator_id) >= 3
        and count(distinct fiscal_year) >= 2
),

never_moving as (
    select
        'targets_never_move' as kind,
        unchanged.organization_id,
        unchanged.project_id,
        unchanged.fiscal_year,
        years.project_line_id,
        unchanged.evidence
    from unchanged
    inner join years
        on unchanged.project_id = years.project_id
        and unchanged.fiscal_year = years.fiscal_year
)

select * from ten_thousandfold
union all
select * from never_moving
