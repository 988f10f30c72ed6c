-- Grain: one attempt to fetch.
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
from {{ ref('stg_raw__observations') }}
