-- Grain: one source × fiscal year of its documents and addresses (null where neither document nor listing tells one).
-- What is said of attempts holds for the source as a whole. Time is told by the last attempt in the warehouse, not by a clock.
-- A collection in which known documents were only not due is a success, too, though it may leave no attempt.
{{ config(tags=['observations']) }}
with collections_by_source as (
    select
        source_id,
        max(collected_at) filter (where not_due_count > 0) as last_collected_at
    from {{ ref('stg_raw__collections') }}
    group by source_id
),

warehouse_clock as (
    select
        greatest(
            (select max(observed_at) from {{ ref('stg_raw__observations') }}),
            (select max(last_collected_at) from collections_by_source)
        ) as observed_until
),

attempts_by_outcome as (
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

attempts_by_source as (
    select
        attempts.source_id,
        attempts.last_observed_at,
        greatest(attempts.last_success_at, collections.last_collected_at) as last_success_at,
        attempts.last_new_document_at,
        attempts.observation_count,
        attempts.failure_count
    from attempts_by_outcome as attempts
    left join collections_by_source as collections
        on attempts.source_id = collections.source_id
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
),

containers as (
    select distinct container_document_id as document_id
    from {{ ref('stg_raw__observations') }}
    where container_document_id is not null
),

addresses as (
    select
        source_id,
        url,
        max_by(fiscal_year, (observed_at, observation_id)) filter (where fiscal_year is not null) as listed_fiscal_year,
        max_by(document_id, (observed_at, observation_id)) filter (
            where document_id is not null and outcome in ('new', 'unchanged', 'duplicate', 'revised')
        ) as document_id,
        max_by(outcome, (observed_at, observation_id)) in ('failed', 'blocked', 'refused') as is_failing,
        max(observed_at) filter (where outcome in ('new', 'revised')) as last_new_at
    from {{ ref('stg_raw__observations') }}
    where url is not null
    group by source_id, url
),

-- an archive (ZIP, RAR) is no document: the files that came in it have addresses of their own
addresses_by_year as (
    select
        addresses.source_id,
        coalesce(documents.fiscal_year, addresses.listed_fiscal_year) as fiscal_year,
        count(*) as listed_count,
        count(addresses.document_id) as fetched_count,
        count(documents.document_id) as read_count,
        count(*) filter (where addresses.is_failing) as failing_count,
        max(addresses.last_new_at) as silent_since
    from addresses
    left join {{ ref('dim_documents') }} as documents
        on addresses.document_id = documents.document_id
    left join containers
        on addresses.document_id = containers.document_id
    where containers.document_id is null
    group by 1, 2
),

years as (
    select source_id, fiscal_year from documents_by_year
    union
    select source_id, fiscal_year from addresses_by_year
)

select
    {{ hash_id(['attempts.source_id', 'years.fiscal_year']) }} as source_year_id,
    attempts.source_id,
    years.fiscal_year,
    coalesce(addresses.listed_count, 0) as listed_count,
    coalesce(addresses.fetched_count, 0) as fetched_count,
    coalesce(addresses.read_count, 0) as read_count,
    coalesce(addresses.failing_count, 0) as failing_count,
    addresses.silent_since,
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
    cast(floor(({{ epoch_seconds('clock.observed_until') }} - {{ epoch_seconds('attempts.last_success_at') }}) / 86400) as integer) as days_silent
from attempts_by_source as attempts
cross join warehouse_clock as clock
left join years
    on attempts.source_id = years.source_id
left join documents_by_year as documents
    on years.source_id = documents.source_id
    and years.fiscal_year is not distinct from documents.fiscal_year
left join addresses_by_year as addresses
    on years.source_id = addresses.source_id
    and years.fiscal_year is not distinct from addresses.fiscal_year
