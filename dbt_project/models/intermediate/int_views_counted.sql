-- Grain: one view of a document that holds project lines; whether its money counts.
-- Per body and fiscal year one view of one document counts: targets before budget before key_projects, of that view
-- the newest document, of equal copies the first one fetched (of those of one day, the one whose address comes first).
-- A document without a year stands for a year of its own.
with candidates as (
    select distinct
        lines.document_id,
        lines.view,
        {{ view_priority('lines.view') }} as view_priority,
        documents.publisher_organization_id as body_id,
        coalesce(cast(documents.fiscal_year as string), documents.lines_fingerprint, documents.document_id) as body_year,
        coalesce(documents.lines_fingerprint, documents.document_id) as content_id,
        documents.published_date,
        documents.first_fetched_at,
        documents.url,
        documents.is_current
    from {{ ref('int_lines_newest') }} as lines
    inner join {{ ref('int_documents') }} as documents
        on lines.document_id = documents.document_id
),

contents as (
    select
        body_id,
        body_year,
        view,
        content_id,
        max(published_date) as newest_published_date,
        max(first_fetched_at) as newest_fetched_at,
        max(document_id) as last_document_id
    from candidates
    where is_current
    group by body_id, body_year, view, content_id
),

ranked as (
    select
        candidates.document_id,
        candidates.view,
        row_number() over (
            partition by candidates.body_id, candidates.body_year
            order by
                candidates.view_priority asc,
                contents.newest_published_date desc nulls last,
                contents.newest_fetched_at desc nulls last,
                contents.last_document_id desc,
                {{ fetched_day('candidates.first_fetched_at') }} asc nulls last,
                candidates.url asc nulls last,
                candidates.document_id asc
        ) as choice
    from candidates
    inner join contents
        on candidates.body_id = contents.body_id
        and candidates.body_year = contents.body_year
        and candidates.view = contents.view
        and candidates.content_id = contents.content_id
    where candidates.is_current
)

select
    candidates.document_id,
    candidates.view,
    coalesce(ranked.choice = 1, false) as is_counted
from candidates
left join ranked
    on candidates.document_id = ranked.document_id
    and candidates.view = ranked.view
