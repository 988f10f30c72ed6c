-- Grain: one project × recipient of a body that two documents of it and one year do not tell alike: only one of them holds it,
-- or they print other amounts. What the difference is made of, for qa_reconciliations; `explanation` says by which rule it is
-- to be expected.
with sides as (
    select document_id, other_document_id, document_id as side_document_id, view as side_view, true as is_here
    from {{ ref('int_view_pairs') }}
    union all
    select document_id, other_document_id, other_document_id as side_document_id, other_view as side_view, false as is_here
    from {{ ref('int_view_pairs') }}
),

lines as (
    select
        sides.document_id,
        sides.other_document_id,
        sides.is_here,
        lines.organization_id,
        lines.project_id,
        lines.recipient_region_id,
        lines.transfer_side,
        lines.printed_name,
        lines.total_yuan
    from sides
    inner join {{ ref('int_project_lines') }} as lines
        on sides.side_document_id = lines.document_id
        and sides.side_view = lines.view
),

projects as (
    select
        document_id,
        other_document_id,
        organization_id,
        project_id,
        recipient_region_id,
        min(printed_name) as project_name,
        bool_and(coalesce(transfer_side = 'given', false)) as is_given,
        count(*) filter (where is_here) as line_count,
        count(*) filter (where not is_here) as other_line_count,
        cast(sum(total_yuan) filter (where is_here) as decimal(18, 2)) as total_yuan,
        cast(sum(total_yuan) filter (where not is_here) as decimal(18, 2)) as other_total_yuan
    from lines
    group by document_id, other_document_id, organization_id, project_id, recipient_region_id
)

select
    {{ hash_id([
        'projects.document_id', 'projects.other_document_id', 'projects.organization_id', 'projects.project_id',
        'projects.recipient_region_id'
    ]) }} as view_difference_id,
    projects.document_id,
    pairs.view,
    projects.other_document_id,
    pairs.other_view,
    pairs.fiscal_year,
    projects.organization_id,
    projects.project_id,
    projects.project_name,
    projects.recipient_region_id,
    case
        when projects.other_line_count = 0 then 'only_here'
        when projects.line_count = 0 then 'only_there'
        else 'amounts_differ'
    end as kind,
    projects.line_count,
    projects.other_line_count,
    projects.total_yuan,
    projects.other_total_yuan,
    cast(coalesce(projects.total_yuan, 0) - coalesce(projects.other_total_yuan, 0) as decimal(18, 2)) as difference_yuan,
    -- a budget holds what a body spends, its table of targets what it gives to others as well
    case
        when projects.other_line_count = 0
            and pairs.view = 'targets'
            and pairs.other_view = 'budget'
            and projects.is_given
            then 'transfer'
    end as explanation
from projects
inner join {{ ref('int_view_pairs') }} as pairs
    on projects.document_id = pairs.document_id
    and projects.other_document_id = pairs.other_document_id
where projects.total_yuan is distinct from projects.other_total_yuan or projects.line_count = 0 or projects.other_line_count = 0
