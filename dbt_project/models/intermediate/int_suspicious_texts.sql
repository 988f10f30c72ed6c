-- Grain: one suspicion that what a project promises was copied: from other projects of its body and year, or from an earlier year.
{{ config(materialized='incremental', pre_hook="{{ body_year_rows_are_replaced() }}") }}
with goals as (
    select
        organization_id,
        fiscal_year,
        goal_text,
        project_id,
        min(project_name) as project_name,
        min(project_line_id) as project_line_id
    from {{ ref('fct_project_budgets') }} as lines
    where is_counted and length(goal_text) >= 10 and {{ is_of_changed_body_year('lines') }}
    group by organization_id, fiscal_year, goal_text, project_id
),

goals_counted as (
    select
        *,
        count(*) over (partition by organization_id, fiscal_year, goal_text) as project_count,
        -- what is planned for a year: 2024年拟组织, 2025年，全市计划
        nullif(
            {{ first_match('goal_text', '(^|[，。；;：:、）])(20[0-9]{2})年[，,]?[^，。；;,0-9前后度]{0,4}(计划|拟|将)', 2) }}, ''
        ) as planned_year
    from goals
),

targets as (
    select
        budgets.organization_id,
        facts.fiscal_year,
        facts.project_id,
        facts.project_line_id,
        facts.indicator_id,
        facts.target_text,
        facts.comparator
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where
        facts.is_counted
        and facts.period = 'annual'
        and facts.comparator <> 'missing'
        and {{ is_of_changed_body_year('budgets') }}
),

-- all that a project promises, as one text
target_sets as (
    select
        organization_id,
        fiscal_year,
        project_id,
        min(project_line_id) as project_line_id,
        count(distinct indicator_id) as indicator_count,
        {{ joined('concat(indicator_id, target_text)', '|', order_by='concat(indicator_id, target_text)', distinct=true) }} as target_set
    from targets
    group by organization_id, fiscal_year, project_id
),

target_sets_counted as (
    select
        *,
        count(*) over (partition by organization_id, fiscal_year, target_set) as project_count
    from target_sets
    where indicator_count >= 3
),

-- words only: numbers and dates are the same by nature
target_texts as (
    select
        organization_id,
        fiscal_year,
        target_text,
        project_id,
        min(project_line_id) as project_line_id
    from targets
    where comparator = 'qualitative' and length(target_text) >= 10
    group by organization_id, fiscal_year, target_text, project_id
),

target_texts_counted as (
    select
        *,
        count(*) over (partition by organization_id, fiscal_year, target_text) as project_count
    from target_texts
)

select
    'one_goal_on_many_projects' as kind,
    organization_id,
    project_id,
    fiscal_year,
    project_line_id,
    concat(project_count, ' projects have the goal: ', left(goal_text, 100)) as evidence
from goals_counted
where project_count >= 3
union all
select
    'one_set_of_targets_on_many_projects' as kind,
    organization_id,
    project_id,
    fiscal_year,
    project_line_id,
    concat(project_count, ' projects have the same ', indicator_count, ' indicators with the same targets') as evidence
from target_sets_counted
where project_count >= 3
union all
select
    'one_target_on_many_projects' as kind,
    organization_id,
    project_id,
    fiscal_year,
    project_line_id,
    concat(project_count, ' projects have the target: ', left(target_text, 100)) as evidence
from target_texts_counted
where project_count >= 3
union all
-- a project that names the earlier year itself is paid late, not copied
select
    'goal_of_an_earlier_year' as kind,
    organization_id,
    project_id,
    fiscal_year,
    project_line_id,
    concat('the goal says what is planned for ', planned_year, ': ', left(goal_text, 100)) as evidence
from goals_counted
where
    cast(planned_year as integer) < fiscal_year
    and goal_text not like concat('%', fiscal_year, '%')
    and project_name not like concat('%', planned_year, '%')
