-- Grain: one document that was fetched and read; whether it still stands under one of its addresses.
-- New bytes under an old address supersede the old document. Files of a folder never supersede each other by name.
-- Bytes that nobody has read yet supersede nothing.
{{ config(materialized='view') }}
with sightings as (
    select
        observations.url,
        observations.document_id,
        max(observations.observed_at) as last_seen_at
    from {{ ref('stg_raw__observations') }} as observations
    inner join {{ ref('int_documents_read') }} as documents
        on observations.document_id = documents.document_id
    where observations.outcome in ('new', 'unchanged', 'duplicate', 'revised')
    group by observations.url, observations.document_id
),

addresses as (
    select
        document_id,
        url,
        row_number() over (partition by url order by last_seen_at desc, document_id desc) as recency
    from sightings
)

select
    document_id,
    bool_or(recency = 1 or starts_with(url, 'folder:')) as is_current
from addresses
group by document_id
