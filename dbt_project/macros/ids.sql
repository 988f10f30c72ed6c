{# 16 hex digits of sha256 over the parts, joined by a separator no printed text holds. Null parts count as empty. #}
{% macro hash_id(parts) -%}
    substr(sha256(concat_ws(chr(31), {% for part in parts %}coalesce(cast({{ part }} as varchar), ''){{ ', ' if not loop.last }}{% endfor %})), 1, 16)
{%- endmacro %}
