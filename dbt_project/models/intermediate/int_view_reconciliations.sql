-- Grain: one pair of documents of int_view_pairs; the total of each, as printed, else of its lines, and how much of their
-- difference the lines that only one of them holds explain. The tolerance is that of both totals against their lines.
with printed as (
    select
        lines.document_id,
        lines.view,
        cast(sum(lines.total_yuan) filter (where lines.level = 'total') as decimal(18, 2)) as printed_yuan,
        cast(sum(lines.total_yuan) filter (where lines.level = 'project') as decimal(18, 2)) as lines_yuan
    from {{ ref('stg_raw__lines') }} as lines
    inner join {{ ref('int_documents_read') }} as documents
        on lines.document_id = documents.document_id
        and lines.reader_version = documents.reader_version
    where
        lines.document_id in (
            select document_id from {{ ref('int_view_pairs') }}
            union
            select other_document_id from {{ ref('int_view_pairs') }}
        )
    group by lines.document_id, lines.view
),

tolerances as (
    select
        reconciliations.document_id,
        max(reconciliations.tolerance_yuan) as tolerance_yuan
    from {{ ref('stg_raw__reconciliations') }} as reconciliations
    inner join {{ ref('int_documents_read') }} as documents
        on reconciliations.document_id = documents.document_id
        and reconciliations.reader_version = documents.reader_version
    where reconciliations.check_name = 'projects_to_total' and reconciliations.measure = 'total'
    group by reconciliations.document_id
),

explained as (
    select
        document_id,
        other_document_id,
        sum(difference_yuan) as explained_yuan
    from {{ ref('qa_view_differences') }}
    where explanation is not null
    group by document_id, other_document_id
),

compared as (
    select
        pairs.document_id,
        pairs.other_document_id,
        pairs.organization_id,
        coalesce(here.printed_yuan, here.lines_yuan) as declared_yuan,
        coalesce(there.printed_yuan, there.lines_yuan) as summed_yuan,
        coalesce(explained.explained_yuan, 0) as explained_yuan,
        coalesce(tolerances.tolerance_yuan, 0) + coalesce(other_tolerances.tolerance_yuan, 0) as tolerance_yuan
    from {{ ref('int_view_pairs') }} as pairs
    inner join printed as here
        on pairs.document_id = here.document_id
        and pairs.view = here.view
    inner join printed as there
        on pairs.other_document_id = there.document_id
        and pairs.other_view = there.view
    left join tolerances
        on pairs.document_id = tolerances.document_id
    left join tolerances as other_tolerances
        on pairs.other_document_id = other_tolerances.document_id
    left join explained
        on pairs.document_id = explained.document_id
        and pairs.other_document_id = explained.other_document_id
)

select
    compared.document_id,
    compared.other_document_id,
    organizations.name as organization_name,
    cast(compared.declared_yuan as decimal(18, 2)) as declared_yuan,
    cast(compared.summed_yuan as decimal(18, 2)) as summed_yuan,
    cast(compared.declared_yuan - compared.summed_yuan as decimal(18, 2)) as difference_yuan,
    cast(compared.explained_yuan as decimal(18, 2)) as explained_yuan,
    cast(compared.declared_yuan - compared.summed_yuan - compared.explained_yuan as decimal(18, 2)) as unexplained_yuan,
    cast(compared.tolerance_yuan as decimal(18, 2)) as tolerance_yuan,
    case
        when compared.declared_yuan - compared.summed_yuan = compared.explained_yuan then 'balanced'
        when abs(compared.declared_yuan - compared.summed_yuan - compared.explained_yuan) <= compared.tolerance_yuan
            then 'rounding'
        else 'unbalanced'
    end as status
from compared
left join {{ ref('int_organizations') }} as organizations
    on compared.organization_id = organizations.organization_id
where compared.declared_yuan is not null and compared.summed_yuan is not null
