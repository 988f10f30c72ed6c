-- What the lines of two documents of one body and year differ by is the sum of what is listed: to the cent.
with sides as (
    select document_id, other_document_id, document_id as side_document_id, view as side_view, 1 as sign
    from {{ ref('int_view_pairs') }}
    union all
    select document_id, other_document_id, other_document_id as side_document_id, other_view as side_view, -1 as sign
    from {{ ref('int_view_pairs') }}
),

summed as (
    select
        sides.document_id,
        sides.other_document_id,
        sum(sides.sign * budgets.total_yuan) as yuan
    from sides
    inner join {{ ref('fct_project_budgets') }} as budgets
        on sides.side_document_id = budgets.document_id
        and sides.side_view = budgets.view
    group by sides.document_id, sides.other_document_id
),

listed as (
    select
        document_id,
        other_document_id,
        sum(difference_yuan) as yuan
    from {{ ref('qa_view_differences') }}
    group by document_id, other_document_id
)

select
    summed.document_id,
    summed.other_document_id,
    summed.yuan as lines_yuan,
    listed.yuan as listed_yuan
from summed
left join listed
    on summed.document_id = listed.document_id
    and summed.other_document_id = listed.other_document_id
where coalesce(summed.yuan, 0) != coalesce(listed.yuan, 0)
