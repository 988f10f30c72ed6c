-- Grain: one normalized name under one organization; what it says beyond the programme it names, and the project it is.
-- Rules take away, one after the other, what does not part one project from another: the recipient, reference numbers,
-- years, batches, the heading of a transfer. `rules` names those that found something.
with names as (
    select distinct
        organization_id,
        normalized_name,
        {{ bracketed_ending('normalized_name') }} as bracketed_ending
    from {{ ref('int_line_organizations') }}
),

recipients as (
    select
        names.organization_id,
        names.normalized_name,
        min(regions.descendant_region_id) as recipient_region_id
    from names
    inner join {{ ref('int_organizations') }} as organizations
        on names.organization_id = organizations.organization_id
    inner join {{ ref('int_region_descendants') }} as regions
        on organizations.region_id = regions.region_id
        and names.bracketed_ending = regions.descendant_name
    group by names.organization_id, names.normalized_name
    having count(distinct regions.descendant_region_id) = 1
),

stepped as (
    select
        names.organization_id,
        names.normalized_name,
        recipients.recipient_region_id,
        -- 本级 is the body's own share of a programme whose other shares name their districts
        case
            when recipients.recipient_region_id is not null or names.bracketed_ending = '本级'
                then {{ without_bracketed_ending('names.normalized_name') }}
            else names.normalized_name
        end as without_recipient,
        {{ without_reference('without_recipient') }} as without_reference,
        {{ without_years('without_reference') }} as without_years,
        {{ without_batch('without_years') }} as without_batch,
        {{ without_transfer_heading(without_edge_marks('without_batch')) }} as without_heading,
        {{ without_edge_marks('without_heading') }} as what_is_left
    from names
    left join recipients
        on names.organization_id = recipients.organization_id
        and names.normalized_name = recipients.normalized_name
),

ruled as (
    select
        *,
        coalesce(nullif(what_is_left, ''), normalized_name) as ruled_name
    from stepped
),

accepted as (
    select
        ruled.*,
        matches.same_as_programme_name,
        coalesce(matches.same_as_programme_name, ruled.ruled_name) as programme_name
    from ruled
    left join {{ ref('project_matches') }} as matches
        on ruled.organization_id = matches.organization_id
        and ruled.ruled_name = matches.programme_name
)

select
    organization_id,
    normalized_name,
    {{ hash_id(['organization_id', 'programme_name']) }} as project_id,
    programme_name,
    recipient_region_id,
    contains(normalized_name, '转移支付') or recipient_region_id is not null as is_transfer_payment,
    {{ transfer_reference('normalized_name') }} as transfer_reference,
    case
        when what_is_left = '' then ''
        else
            concat_ws(
                ', ',
                case when without_recipient != normalized_name then 'recipient' end,
                case when without_reference != without_recipient then 'reference' end,
                case when without_years != without_reference then 'year' end,
                case when without_batch != without_years then 'batch' end,
                case when without_heading != {{ without_edge_marks('without_batch') }} then 'heading' end,
                case when same_as_programme_name is not null then 'accepted' end
            )
    end as rules
from accepted
