-- Grain: two projects of one organization whose names are nearly one. Nothing merges by likeness: a person who knows that they
-- are one says so in the seed project_matches. Names are alike by the share of pairs of neighbouring characters they have
-- in common (Dice); only names that begin alike are held against each other.
{{ config(materialized='incremental', pre_hook="{{ body_rows_are_replaced() }}") }}
with projects as (
    select
        project_id,
        organization_id,
        programme_name,
        left(programme_name, 2) as beginning,
        array_distinct({{ character_pairs('programme_name') }}) as pairs
    from {{ ref('dim_projects') }}
    where length(programme_name) >= 4 and {{ is_of_changed_body('organization_id') }}
),

compared as (
    select
        one.organization_id,
        one.project_id,
        one.programme_name,
        other.project_id as other_project_id,
        other.programme_name as other_programme_name,
        2 * {{ list_length('array_intersect(one.pairs, other.pairs)') }} as pairs_in_common,
        {{ list_length('one.pairs') }} + {{ list_length('other.pairs') }} as pairs
    from projects as one
    inner join projects as other
        on one.organization_id = other.organization_id
        and one.beginning = other.beginning
        and one.programme_name < other.programme_name
)

select
    {{ hash_id(['project_id', 'other_project_id']) }} as candidate_id,
    organization_id,
    project_id,
    programme_name,
    other_project_id,
    other_programme_name,
    {{ share('pairs_in_common', 'pairs', digits=3) }} as score
from compared
where pairs_in_common / pairs >= 0.75
