-- Grain: one document; what is known of it before anything is counted.
with documents_with_lines as (
    select distinct document_id from {{ ref('int_lines_newest') }}
),

-- a document that names no publisher, and whose lines all name one body of a known region, is that body's
bodies_of_lines as (
    select
        lines.document_id,
        min(organizations.organization_id) as organization_id
    from {{ ref('int_lines_newest') }} as lines
    left join {{ ref('int_organization_names') }} as organizations
        on {{ without_body_scope(normalized_name('lines.organization_name')) }} = organizations.name_key
        and organizations.publisher_key = ''
        and organizations.region_id is not null
    where lines.publisher_name is null
    group by lines.document_id
    having count(organizations.organization_id) = count(*) and count(distinct organizations.organization_id) = 1
),

documents as (
    select
        documents.*,
        bodies_of_lines.organization_id as lines_organization_id,
        case when documents_with_lines.document_id is not null then documents.content_fingerprint end as lines_fingerprint,
        documents_with_lines.document_id is not null as has_project_lines,
        {{ without_body_scope(normalized_name('documents.publisher_name')) }} as publisher_key,
        observations.source_id,
        observations.url,
        observations.listing_title,
        observations.published_date,
        observations.first_fetched_at
    from {{ ref('int_documents_read') }} as documents
    left join documents_with_lines
        on documents.document_id = documents_with_lines.document_id
    left join bodies_of_lines
        on documents.document_id = bodies_of_lines.document_id
    left join {{ ref('int_document_observations') }} as observations
        on documents.document_id = observations.document_id
),

earliest_of_content as (
    select
        *,
        first_value(document_id) over (
            partition by coalesce(lines_fingerprint, document_id)
            order by {{ fetched_day('first_fetched_at') }} asc nulls last, url asc nulls last, document_id asc
        ) as earliest_document_id
    from documents
)

select
    documents.document_id,
    documents.reader_version,
    documents.media_type,
    documents.document_kind,
    documents.publisher_name,
    -- a document that prints no body is a body of its own: nothing of unknown bodies may merge
    coalesce(
        publishers.organization_id,
        documents.lines_organization_id,
        case when documents.has_project_lines then {{ hash_id(["'unnamed'", 'documents.document_id']) }} end
    ) as publisher_organization_id,
    documents.publisher_name is null and documents.lines_organization_id is null and documents.has_project_lines
        as is_unnamed,
    coalesce(nullif(trim(documents.title), ''), documents.listing_title) as title,
    documents.listing_title,
    documents.fiscal_year,
    documents.fiscal_year_basis,
    documents.page_count,
    documents.status,
    documents.is_published,
    documents.has_project_lines,
    documents.lines_fingerprint,
    documents.source_id,
    documents.url,
    documents.published_date,
    documents.first_fetched_at,
    standing.valid_from,
    standing.valid_to,
    standing.superseded_by,
    standing.gone_since,
    coalesce(standing.is_current, true) as is_current,
    nullif(documents.earliest_document_id, documents.document_id) as same_content_as
from earliest_of_content as documents
left join {{ ref('int_organization_names') }} as publishers
    on documents.publisher_key = publishers.publisher_key
    and documents.publisher_key = publishers.name_key
left join {{ ref('int_documents_standing') }} as standing
    on documents.document_id = standing.document_id
