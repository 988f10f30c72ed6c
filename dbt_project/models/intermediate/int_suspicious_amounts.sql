-- Grain: one suspicion about an amount that the sums of its own document raise: 元 taken for 万元 or the reverse.
with lines as (
    select
        organization_id,
        project_id,
        fiscal_year,
        document_id,
        project_line_id,
        total_yuan
    from {{ ref('fct_project_budgets') }}
    where is_counted and total_yuan > 0
),

unbalanced as (
    select
        reconciliations.document_id,
        reconciliations.project_line_id,
        reconciliations.check_name,
        reconciliations.declared_yuan,
        reconciliations.summed_yuan,
        reconciliations.tolerance_yuan
    from {{ ref('stg_raw__reconciliations') }} as reconciliations
    inner join {{ ref('int_documents_read') }} as documents
        on reconciliations.document_id = documents.document_id
        and reconciliations.reader_version = documents.reader_version
    where
        reconciliations.status = 'unbalanced'
        and reconciliations.measure = 'total'
        and reconciliations.declared_yuan > 0
        and reconciliations.summed_yuan > 0
),

-- a line's total in one unit, its funds in the other
lines_and_funds as (
    select
        lines.organization_id,
        lines.project_id,
        lines.fiscal_year,
        lines.project_line_id,
        concat(
            'the total is ', unbalanced.declared_yuan, ' yuan, its funds add up to ', unbalanced.summed_yuan, ' yuan'
        ) as evidence
    from lines
    inner join unbalanced
        on lines.project_line_id = unbalanced.project_line_id
    where
        unbalanced.check_name = 'funds_to_line'
        and greatest(
            unbalanced.declared_yuan / unbalanced.summed_yuan, unbalanced.summed_yuan / unbalanced.declared_yuan
        ) between 3000 and 30000
),

-- the one line that in the other unit would make a total's lines add up
lines_and_totals as (
    select
        lines.organization_id,
        lines.project_id,
        lines.fiscal_year,
        lines.project_line_id,
        min(concat(
            'were the ', lines.total_yuan, ' yuan ten thousand times ',
            case when unbalanced.summed_yuan > unbalanced.declared_yuan then 'less' else 'more' end,
            ', lines that add up to ', unbalanced.summed_yuan, ' yuan would give the printed total of ',
            unbalanced.declared_yuan, ' yuan'
        )) as evidence
    from unbalanced
    inner join lines
        on unbalanced.document_id = lines.document_id
    where
        unbalanced.check_name in ('projects_to_unit', 'projects_to_total')
        and (
            abs(unbalanced.summed_yuan - lines.total_yuan + lines.total_yuan / 10000 - unbalanced.declared_yuan)
            <= unbalanced.tolerance_yuan
            or abs(unbalanced.summed_yuan - lines.total_yuan + lines.total_yuan * 10000 - unbalanced.declared_yuan)
            <= unbalanced.tolerance_yuan
        )
    group by lines.organization_id, lines.project_id, lines.fiscal_year, lines.project_line_id
),

-- a whole document in the other unit: no department's projects are all below 1,000 yuan, nor 10 billion on average
documents as (
    select
        document_id,
        count(*) as line_count,
        max(total_yuan) as largest_yuan,
        cast(floor(sum(total_yuan) / count(*)) as bigint) as average_yuan
    from lines
    group by document_id
),

largest_lines as (
    select
        lines.*,
        row_number() over (partition by document_id order by total_yuan desc, project_line_id) as place
    from lines
),

whole_documents as (
    select
        lines.organization_id,
        lines.project_id,
        lines.fiscal_year,
        lines.project_line_id,
        concat(
            'the amounts of ', documents.line_count, ' projects are ', documents.average_yuan,
            ' yuan on average, the largest ', documents.largest_yuan, ' yuan'
        ) as evidence
    from documents
    inner join largest_lines as lines
        on documents.document_id = lines.document_id
    where lines.place = 1 and (documents.largest_yuan < 1000 or documents.average_yuan >= 10000000000)
)

select 'ten_thousandfold_of_sum' as kind, * from lines_and_funds
union all
select 'ten_thousandfold_of_sum' as kind, * from lines_and_totals
union all
select 'document_out_of_scale' as kind, * from whole_documents
