{# 16 hex digits of sha256 over the parts, joined by a separator no printed text holds. Null parts count as empty. #}
{% macro hash_id(parts) -%}
    {%- set text -%}
        concat_ws(chr(31), {% for part in parts %}coalesce(cast({{ part }} as string), ''){{ ', ' if not loop.last }}{% endfor %})
    {%- endset -%}
    substr({{ sha256_hex(text) }}, 1, 16)
{%- endmacro %}
