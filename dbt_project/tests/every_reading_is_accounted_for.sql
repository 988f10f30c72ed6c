-- Every document read stands in dim_documents and qa_documents, with every issue and reconciliation of its newest reading.
with newest_readings as (
    select document_id, max(reader_version) as reader_version
    from {{ ref('stg_raw__documents') }}
    group by document_id
),

expected as (
    select 'documents' as what, document_id, 1 as row_count from newest_readings
    union all
    select 'quality' as what, document_id, 1 as row_count from newest_readings
    union all
    select 'issues' as what, document_id, count(*) as row_count
    from {{ ref('stg_raw__issues') }}
    inner join newest_readings using (document_id, reader_version)
    group by document_id
    union all
    select 'reconciliations' as what, document_id, count(*) as row_count
    from {{ ref('stg_raw__reconciliations') }}
    inner join newest_readings using (document_id, reader_version)
    group by document_id
),

published as (
    select 'documents' as what, document_id, count(*) as row_count from {{ ref('dim_documents') }} group by document_id
    union all
    select 'quality' as what, document_id, count(*) as row_count from {{ ref('qa_documents') }} group by document_id
    union all
    select 'issues' as what, document_id, count(*) as row_count from {{ ref('qa_issues') }} where found_by = 'reading' group by document_id
    union all
    select 'reconciliations' as what, document_id, count(*) as row_count
    from {{ ref('qa_reconciliations') }}
    where other_document_id is null
    group by document_id
)

select
    what,
    document_id,
    expected.row_count as expected_rows,
    published.row_count as published_rows
from expected
full outer join published using (what, document_id)
where expected.row_count is distinct from published.row_count
