{#
  Which side of a transfer a line tells. A recipient below the body says that it gives. A table's heading says it, too: 市对区
  转移支付绩效目标表 of a city's body is of what it gives, of a district's body of what it gets; where no giver is named the
  body gives. A name alone (2024年市商务局转移支付-服务贸易专题) is what a body calls what it gets.
#}
{% macro transfer_side(names, heading, region_level) -%}
    case
        when {{ names }}.recipient_region_id is not null then 'given'
        when {{ heading }} is not null then
            case when {{ heading_names_one_above(heading, region_level) }} then 'received' else 'given' end
        when {{ names }}.is_transfer_payment then 'received'
    end
{%- endmacro %}

{% macro heading_names_one_above(heading, region_level) -%}
    coalesce(
        contains({{ heading }}, '上级')
        or (contains({{ heading }}, '中央') and {{ region_level }} != 'country')
        or ({{ has_match(heading, '(省|自治区)级?(对|下达|补助)') }} and {{ region_level }} in ('city', 'county'))
        or ({{ has_match(heading, '市级?(对|下达|补助)') }} and {{ region_level }} = 'county'),
        false
    )
{%- endmacro %}
