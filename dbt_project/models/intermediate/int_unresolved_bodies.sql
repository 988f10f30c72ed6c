-- Grain: one document whose body is not known, or whose body's region is not.
select
    documents.document_id,
    case when documents.has_project_lines then 'warning' else 'info' end as severity,
    case
        when documents.publisher_name is not null
            then concat(documents.publisher_name, ' begins with no division that is known')
        when documents.has_project_lines then 'Nothing names the body whose projects these are'
        else 'Nothing names the publishing body'
    end as message,
    case
        when documents.publisher_name is not null
            then 'Find out where the body is; list a former name of its division in dbt_project/regions/successions.csv.'
        when documents.has_project_lines
            then 'Find out whose they are; they count as those of a body of their own, and nowhere in a region.'
        else 'Nothing, if nothing is to be read in it.'
    end as what_to_do
from {{ ref('int_documents') }} as documents
left join {{ ref('int_organizations') }} as organizations
    on documents.publisher_organization_id = organizations.organization_id
where organizations.region_id is null
