-- Grain: one source × fiscal year of its documents (null for documents without a year, and for a source without documents).
-- What is said of attempts holds for the source as a whole. Time is told by the last attempt in the warehouse, not by a clock.
{{ config(tags=['observations']) }}
with warehouse_clock as (
    select max(observed_at) as observed_until from {{ ref('stg_raw__observations') }}
),

attempts_by_source as (
    select
        source_id,
        max(observed_at) as last_observed_at,
        max(observed_at) filter (where outcome in ('new', 'unchanged', 'duplicate', 'revised')) as last_success_at,
        max(observed_at) filter (where outcome in ('new', 'revised')) as last_new_document_at,
        count(*) as observation_count,
        count(*) filter (where outcome in ('failed', 'blocked', 'refused')) as failure_count
    from {{ ref('stg_raw__observations') }}
    group by source_id
),

documents_by_year as (
    select
        source_id,
        fiscal_year,
        count(*) as document_count,
        count(*) filter (where status = 'complete') as complete_count,
        count(*) filter (where status = 'partial') as partial_count,
        count(*) filter (where status = 'quarantined') as quarantined_count,
        count(*) filter (where status = 'refused') as refused_count
    from {{ ref('dim_documents') }}
    where source_id is not null
    group by source_id, fiscal_year
)

select
    {{ hash_id(['attempts.source_id', 'documents.fiscal_year']) }} as source_year_id,
    attempts.source_id,
    documents.fiscal_year,
    coalesce(documents.document_count, 0) as document_count,
    coalesce(documents.complete_count, 0) as complete_count,
    coalesce(documents.partial_count, 0) as partial_count,
    coalesce(documents.quarantined_count, 0) as quarantined_count,
    coalesce(documents.refused_count, 0) as refused_count,
    attempts.last_success_at,
    attempts.last_new_document_at,
    attempts.last_observed_at,
    attempts.observation_count,
    attempts.failure_count,
    cast(floor((epoch(clock.observed_until) - epoch(attempts.last_success_at)) / 86400) as integer) as days_silent
from attempts_by_source as attempts
cross join warehouse_clock as clock
left join documents_by_year as documents
    on attempts.source_id = documents.source_id
