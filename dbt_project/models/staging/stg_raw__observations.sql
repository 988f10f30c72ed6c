-- Grain: one attempt to fetch one listing.
{{ config(tags=['observations']) }}
select
    observation_id,
    source_id,
    url,
    title,
    published_date,
    document_id,
    outcome,
    observed_at,
    size_bytes,
    message
from {{ source('raw', 'observations') }}
