-- Grain: one document; its status with the counts and reasons behind it, from its newest reading.
with newest_lines as (
    select
        lines.*,
        {{ view_priority('lines.view') }} as view_priority
    from {{ ref('stg_raw__lines') }} as lines
    inner join {{ ref('int_documents_read') }} as documents
        on lines.document_id = documents.document_id
        and lines.reader_version = documents.reader_version
),

-- one view speaks for the document's money: the same money may stand in several
leading_views as (
    select document_id, min(view_priority) as view_priority
    from newest_lines
    group by document_id
),

totals as (
    select
        lines.document_id,
        cast(sum(lines.total_yuan) filter (where lines.level = 'total') as decimal(18, 2)) as declared_yuan,
        cast(sum(lines.total_yuan) filter (where lines.level = 'project') as decimal(18, 2)) as project_lines_yuan
    from newest_lines as lines
    inner join leading_views
        on lines.document_id = leading_views.document_id
        and lines.view_priority = leading_views.view_priority
    group by lines.document_id
),

line_counts as (
    select document_id, count(*) filter (where level = 'project') as project_line_count
    from newest_lines
    group by document_id
),

indicator_counts as (
    select document_id, reader_version, count(*) as indicator_count
    from {{ ref('stg_raw__indicators') }}
    group by document_id, reader_version
),

target_counts as (
    select document_id, reader_version, count(*) as target_count
    from {{ ref('stg_raw__targets') }}
    group by document_id, reader_version
),

issue_counts as (
    select
        document_id,
        count(*) filter (where severity = 'error') as error_count,
        count(*) filter (where severity = 'warning') as warning_count,
        count(*) filter (where severity = 'info') as info_count
    from {{ ref('qa_issues') }}
    group by document_id
),

error_kinds as (
    select document_id, code, min(message) as message, count(*) as error_count
    from {{ ref('qa_issues') }}
    where severity = 'error'
    group by document_id, code
),

reasons_by_code as (
    select
        document_id,
        code,
        code || case when error_count > 1 then ' ×' || error_count else '' end || ': '
        || left(message, 120) || case when length(message) > 120 then '…' else '' end as reason
    from error_kinds
),

reasons as (
    select
        document_id,
        {{ joined('reason', '; ', order_by='code') }} as reasons
    from reasons_by_code
    group by document_id
)

select
    documents.document_id,
    documents.status,
    documents.publisher_name,
    documents.title,
    documents.fiscal_year,
    documents.page_count,
    coalesce(line_counts.project_line_count, 0) as project_line_count,
    coalesce(indicator_counts.indicator_count, 0) as indicator_count,
    coalesce(target_counts.target_count, 0) as target_count,
    coalesce(totals.declared_yuan, totals.project_lines_yuan) as total_yuan,
    totals.declared_yuan is not null as is_total_printed,
    totals.project_lines_yuan,
    coalesce(issue_counts.error_count, 0) as error_count,
    coalesce(issue_counts.warning_count, 0) as warning_count,
    coalesce(issue_counts.info_count, 0) as info_count,
    reasons.reasons
from {{ ref('int_documents') }} as documents
left join totals on documents.document_id = totals.document_id
left join line_counts on documents.document_id = line_counts.document_id
left join indicator_counts
    on documents.document_id = indicator_counts.document_id
    and documents.reader_version = indicator_counts.reader_version
left join target_counts
    on documents.document_id = target_counts.document_id
    and documents.reader_version = target_counts.reader_version
left join issue_counts on documents.document_id = issue_counts.document_id
left join reasons on documents.document_id = reasons.document_id
