{#
  The columns together are a key of the model; where every row is a document's and `changed` names the model that lists what
  changed, of such documents' rows (is_tested_document).
#}
{% test unique_combination(model, columns, changed=none) %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
{%- if changed %}
where {{ is_tested_document(changed, 'document_id') }}
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
