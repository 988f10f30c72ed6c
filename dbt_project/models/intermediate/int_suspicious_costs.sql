-- Grain: one cost target that does not fit its project's money.
-- An annual target is held against the larger of the year's and the whole project's money, one of the whole project against that
-- alone; a cost per something must not exceed it, either. A price may be tiny: it is suspicious only where it is no price per
-- something and ten thousand times itself is the money.
{{ config(materialized='incremental', pre_hook="{{ body_year_rows_are_replaced() }}") }}
with targets as (
    select
        budgets.organization_id,
        facts.project_id,
        facts.fiscal_year,
        facts.project_line_id,
        coalesce(facts.indicator_name, indicators.name, '') as indicator_name,
        facts.target_text,
        facts.per_unit,
        coalesce(facts.target_value_upper, facts.target_value) as cost_yuan,
        case
            when facts.period = 'project' then budgets.project_total_yuan
            else greatest(
                coalesce(budgets.total_yuan, budgets.project_total_yuan),
                coalesce(budgets.project_total_yuan, budgets.total_yuan)
            )
        end as money_yuan
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    inner join {{ ref('dim_indicators') }} as indicators
        on facts.indicator_id = indicators.indicator_id
    where
        facts.is_counted
        and {{ is_of_changed_body_year('budgets') }}
        and facts.unit = '元'
        and facts.comparator in ('<=', '<', '=', 'between')
        and (
            indicators.level_1_name = '成本指标'
            or indicators.name like '%成本%'
            or indicators.name like '%预算%'
        )
),

judged as (
    select
        case
            when
                cost_yuan between money_yuan * 5000 and money_yuan * 20000
                or (per_unit is null and abs(cost_yuan * 10000 - money_yuan) <= money_yuan / 100)
                then 'cost_target_ten_thousandfold'
            -- targets are rounded: 78万元 of 77.68
            when cost_yuan > money_yuan * 1.01 then 'cost_target_exceeds_money'
        end as kind,
        organization_id,
        project_id,
        fiscal_year,
        project_line_id,
        concat(
            indicator_name, ' ', target_text, ' is ', cast(cost_yuan as decimal(38, 2)), ' yuan, the money is ',
            money_yuan, ' yuan'
        ) as evidence
    from targets
    where money_yuan > 0 and cost_yuan > 0
)

select distinct
    kind,
    organization_id,
    project_id,
    fiscal_year,
    project_line_id,
    evidence
from judged
where kind is not null
