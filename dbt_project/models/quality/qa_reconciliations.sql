-- Grain: one document × printed total × check × measure, from the newest reading; and one pair of documents of one body and
-- year (other_document_id), told anew by every build.
{{
    config(
        materialized='incremental',
        pre_hook=[
            "{{ document_rows_are_replaced('int_readings_changed') }}",
            "{% if not execute or is_incremental() %}delete from {{ this }} where other_document_id is not null{% endif %}",
        ]
    )
}}
with numbered as (
    select
        reconciliations.*,
        row_number() over (
            partition by
                reconciliations.document_id,
                reconciliations.project_line_id,
                reconciliations.check_name,
                reconciliations.measure
            order by reconciliations.declared_yuan, reconciliations.summed_yuan
        ) as repetition
    from {{ ref('stg_raw__reconciliations') }} as reconciliations
    inner join {{ ref('int_documents_read') }} as documents
        on reconciliations.document_id = documents.document_id
        and reconciliations.reader_version = documents.reader_version
    where {{ is_of_changed_document('int_readings_changed', 'reconciliations.document_id') }}
),

reconciliations as (
    select
        document_id,
        project_line_id,
        organization_name,
        check_name,
        measure,
        cast(repetition as string) as repetition,
        declared_yuan,
        summed_yuan,
        difference_yuan,
        cast(null as decimal(18, 2)) as explained_yuan,
        cast(null as decimal(18, 2)) as unexplained_yuan,
        tolerance_yuan,
        status,
        cast(null as string) as other_document_id
    from numbered
    union all
    select
        document_id,
        null as project_line_id,
        organization_name,
        'table_to_table' as check_name,
        'total' as measure,
        other_document_id as repetition,
        declared_yuan,
        summed_yuan,
        difference_yuan,
        explained_yuan,
        unexplained_yuan,
        tolerance_yuan,
        status,
        other_document_id
    from {{ ref('int_view_reconciliations') }}
)

select
    {{ hash_id(['document_id', 'project_line_id', 'check_name', 'measure', 'repetition']) }} as reconciliation_id,
    document_id,
    project_line_id,
    organization_name,
    check_name,
    measure,
    declared_yuan,
    summed_yuan,
    difference_yuan,
    explained_yuan,
    unexplained_yuan,
    tolerance_yuan,
    status,
    other_document_id
from reconciliations
