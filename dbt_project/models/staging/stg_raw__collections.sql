-- Grain: one collection of a site that told what its lists said.
{{ config(tags=['observations']) }}
select
    source_id,
    collected_at,
    listed_count,
    not_due_count
from {{ source('raw', 'collections') }}
