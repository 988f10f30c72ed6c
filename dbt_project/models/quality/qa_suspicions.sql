-- Grain: one thing about the numbers themselves that a reader should look at: what is printed stays as it is.
with years as (
    select
        project_id,
        organization_id,
        fiscal_year,
        cast(sum(total_yuan) as decimal(18, 2)) as total_yuan
    from {{ ref('fct_project_budgets') }}
    where is_counted and fiscal_year is not null
    group by project_id, organization_id, fiscal_year
),

-- 万元 taken for 元 or the reverse
ten_thousandfold as (
    select
        'ten_thousandfold' as kind,
        later.organization_id,
        later.project_id,
        later.fiscal_year,
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

never_moving as (
    select
        'targets_never_move' as kind,
        organization_id,
        project_id,
        max(fiscal_year) as fiscal_year,
        concat(
            count(distinct indicator_id), ' targets are as they were in each of the years ',
            min(fiscal_year) - 1, ' to ', max(fiscal_year)
        ) as evidence
    from {{ ref('fct_indicator_changes') }}
    group by organization_id, project_id
    having
        bool_and(change = 'unchanged')
        and count(distinct indicator_id) >= 3
        and count(distinct fiscal_year) >= 2
),

goals as (
    select
        'one_goal_on_many_projects' as kind,
        organization_id,
        project_id,
        fiscal_year,
        goal_text,
        count(*) over (partition by organization_id, fiscal_year, goal_text) as project_count
    from (
        select distinct organization_id, project_id, fiscal_year, goal_text
        from {{ ref('fct_project_budgets') }}
        where is_counted and length(goal_text) >= 10
    )
),

one_goal as (
    select
        kind,
        organization_id,
        project_id,
        fiscal_year,
        concat(project_count, ' projects have the goal: ', left(goal_text, 100)) as evidence
    from goals
    where project_count >= 3
),

suspicions as (
    select * from ten_thousandfold
    union all
    select * from never_moving
    union all
    select * from one_goal
)

select
    {{ hash_id(['kind', 'project_id', 'fiscal_year', 'evidence']) }} as suspicion_id,
    kind,
    organization_id,
    project_id,
    fiscal_year,
    evidence
from suspicions
