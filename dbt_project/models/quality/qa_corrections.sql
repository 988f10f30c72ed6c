-- Grain: one decision of a reviewer about one printed value, and what became of it.
with standing as (
    select decisions.*
    from {{ ref('int_decisions') }} as decisions
    left join {{ ref('int_lines_newest') }} as lines
        on decisions.project_line_id = lines.project_line_id
    left join {{ ref('fct_project_funds') }} as funds
        on decisions.project_line_id = funds.project_line_id
        and decisions.fund_source_id = funds.fund_source_id
        and decisions.period = funds.period
    left join {{ ref('fct_indicator_targets') }} as targets
        on decisions.project_line_id = targets.project_line_id
        and decisions.indicator_position = targets.indicator_position
        and decisions.period = targets.period
        and decisions.component_number = targets.component_number
    where
        decisions.printed_value = case decisions.field
            when 'total_yuan' then lines.total_text
            when 'project_total_yuan' then lines.project_total_text
            when 'goal_text' then lines.goal_text
            when 'project_goal_text' then lines.project_goal_text
            when 'amount_yuan' then funds.amount_text
            else targets.target_text
        end
)

select
    corrections.correction_id,
    corrections.document_id,
    corrections.project_line_id,
    corrections.field,
    corrections.fund_source_id,
    corrections.indicator_position,
    corrections.period,
    corrections.component_number,
    corrections.decision,
    corrections.printed_value,
    corrections.new_value,
    corrections.reason,
    corrections.decided_by,
    corrections.decided_at,
    case
        when last_decisions.correction_id is null then 'superseded'
        when corrections.decision = 'withdrawn' then 'withdrawn'
        when standing.correction_id is null then 'void'
        when corrections.decision = 'accepted' then 'accepted'
        else 'applied'
    end as state
from {{ ref('stg_raw__corrections') }} as corrections
left join {{ ref('int_decisions') }} as last_decisions
    on corrections.correction_id = last_decisions.correction_id
left join standing
    on corrections.correction_id = standing.correction_id
