-- Grain: one document; what its facts follow from besides the models: its newest reading, which of its views count, and
-- what reviewers decided.
with views as (
    select
        document_id,
        {{ joined('view', ' ', order_by='view') }} filter (where is_counted) as counted_views
    from {{ ref('int_views_counted') }}
    group by document_id
),

decisions as (
    select
        document_id,
        {{ joined('correction_id', ' ', order_by='correction_id') }} as correction_ids
    from {{ ref('stg_raw__corrections') }}
    group by document_id
)

select
    documents.document_id,
    documents.reading_key,
    {{ hash_id(['documents.reading_key', 'views.counted_views', 'decisions.correction_ids']) }} as facts_key
from {{ ref('int_documents_read') }} as documents
left join views
    on documents.document_id = views.document_id
left join decisions
    on documents.document_id = decisions.document_id
