-- Per document, what raw holds of project lines and their funds is what the facts hold: lines to the row, money to the cent
-- (amounts of one line and one kind of money are merged into one row). So with the sums of reconciliations, and with what
-- qa_documents says of a document's lines.
-- Returns documents where it is not so. Readings of quarantined and refused documents reach no fact.
with newest_readings as (
    select document_id, max(reader_version) as reader_version
    from {{ ref('stg_raw__documents') }}
    group by document_id
),

raw_lines as (
    select lines.document_id, lines.project_line_id, lines.reader_version, lines.total_yuan, lines.project_total_yuan
    from {{ ref('stg_raw__lines') }} as lines
    inner join newest_readings using (document_id, reader_version)
    inner join {{ ref('stg_raw__documents') }} as documents using (document_id, reader_version)
    where lines.level = 'project' and documents.status in ('complete', 'partial')
),

money_in as (
    select
        document_id,
        'lines' as measure,
        count(*) as row_count,
        sum(coalesce(total_yuan, 0) + coalesce(project_total_yuan, 0)) as yuan
    from raw_lines
    group by document_id
    union all
    select funds.document_id, 'funds' as measure, cast(null as bigint) as row_count, sum(funds.amount_yuan) as yuan
    from {{ ref('stg_raw__funds') }} as funds
    inner join raw_lines using (document_id, reader_version, project_line_id)
    group by funds.document_id
    union all
    select document_id, 'quality of lines' as measure, count(*) as row_count, cast(null as decimal(38, 2)) as yuan
    from raw_lines
    group by document_id
    union all
    select
        document_id,
        'reconciliations' as measure,
        count(*) as row_count,
        sum(coalesce(declared_yuan, 0) + coalesce(summed_yuan, 0)) as yuan
    from {{ ref('stg_raw__reconciliations') }}
    inner join newest_readings using (document_id, reader_version)
    group by document_id
),

money_out as (
    select
        document_id,
        'lines' as measure,
        count(*) as row_count,
        sum(coalesce(total_yuan, 0) + coalesce(project_total_yuan, 0)) as yuan
    from {{ ref('fct_project_budgets') }}
    group by document_id
    union all
    select document_id, 'funds' as measure, cast(null as bigint) as row_count, sum(amount_yuan) as yuan
    from {{ ref('fct_project_funds') }}
    group by document_id
    union all
    select document_id, 'quality of lines' as measure, project_line_count as row_count, cast(null as decimal(38, 2)) as yuan
    from {{ ref('qa_documents') }}
    where project_line_count > 0 and status in ('complete', 'partial')
    union all
    select
        document_id,
        'reconciliations' as measure,
        count(*) as row_count,
        sum(coalesce(declared_yuan, 0) + coalesce(summed_yuan, 0)) as yuan
    from {{ ref('qa_reconciliations') }}
    group by document_id
)

select
    document_id,
    measure,
    money_in.row_count as rows_in,
    money_out.row_count as rows_out,
    money_in.yuan as yuan_in,
    money_out.yuan as yuan_out
from money_in
full outer join money_out using (document_id, measure)
where
    money_in.row_count is distinct from money_out.row_count
    or money_in.yuan is distinct from money_out.yuan
