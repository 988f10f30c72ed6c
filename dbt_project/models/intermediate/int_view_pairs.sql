-- Grain: two documents of one body and fiscal year, both current: the view of the one that counts, and of the other the view
-- that would count without it. They are views of the same money, as far as both publish it: not more money. Key projects are
-- a choice of another view's lines, and equal copies hold the same: neither is held against anything.
with views as (
    select
        views.document_id,
        views.view,
        views.is_counted,
        documents.publisher_organization_id as organization_id,
        documents.fiscal_year,
        coalesce(documents.lines_fingerprint, documents.document_id) as content_id
    from {{ ref('int_views_counted') }} as views
    inner join {{ ref('int_documents') }} as documents
        on views.document_id = documents.document_id
    where documents.is_current and documents.fiscal_year is not null and views.view != 'key_projects'
),

others as (
    select
        *,
        row_number() over (partition by document_id order by {{ view_priority('view') }}) as view_choice,
        row_number() over (
            partition by organization_id, fiscal_year, content_id, view order by document_id
        ) as copy_choice
    from views
    where not is_counted
)

select
    counted.organization_id,
    counted.fiscal_year,
    counted.document_id,
    counted.view,
    others.document_id as other_document_id,
    others.view as other_view
from views as counted
inner join others
    on counted.organization_id = others.organization_id
    and counted.fiscal_year = others.fiscal_year
    and counted.content_id != others.content_id
where counted.is_counted and others.view_choice = 1 and others.copy_choice = 1
