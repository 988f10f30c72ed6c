-- Records as readers of documents would land them, made of shapes.yml by hashes of a seed: of the same seed the same.
-- Part one is run once, parts two and three for each batch of documents.

CREATE MACRO draw(key, salt) AS CAST(hash(key, salt) % 1000003 AS DOUBLE) / 1000003;
CREATE MACRO chosen(choices, key, salt) AS choices[1 + CAST(hash(key, salt) % len(choices) AS INTEGER)];
-- one of some neighbours in a long list: lists themselves do not travel with the rows
CREATE MACRO chosen_of(choices, first, count, key, salt) AS choices[first + CAST(hash(key, salt) % count AS INTEGER)];
CREATE MACRO theme_of(first, count, key, salt) AS chosen_of(getvariable('themes'), first, count, key, salt);
CREATE MACRO object_of(key, salt) AS chosen(getvariable('objects'), key, salt);
CREATE MACRO quantile_at(quantiles, share) AS
    quantiles[1 + CAST(floor(share * (len(quantiles) - 1)) AS INTEGER)]
    + (share * (len(quantiles) - 1) - floor(share * (len(quantiles) - 1)))
    * (quantiles[2 + CAST(floor(share * (len(quantiles) - 1)) AS INTEGER)]
        - quantiles[1 + CAST(floor(share * (len(quantiles) - 1)) AS INTEGER)]);
-- of what lasts `least` years or up to eight more, the number of its period
CREATE MACRO period_of(year, key, least) AS (year - 2019 + hash(key, 'phase') % 8) // (least + hash(key, 'span') % 9);
-- few names are used much, most seldom
CREATE MACRO zipf(share, count) AS CAST(floor(exp(share * ln(count + 1))) - 1 AS INTEGER);
CREATE MACRO box(slot, height) AS {
    'x0': 42.38::DOUBLE, 'top': round(90 + slot % 8 * 80 + height, 2)::DOUBLE,
    'x1': 797.62::DOUBLE, 'bottom': round(170 + slot % 8 * 80 + height, 2)::DOUBLE
};
CREATE MACRO page(slot) AS CAST(8 + slot // 8 AS INTEGER);
CREATE MACRO place(slot, height) AS printf(
    '[{"page_number":%d,"bbox":[42.38,%.2f,797.62,%.2f]}]',
    page(slot), CAST(90 + slot % 8 * 80 + height AS DOUBLE), CAST(170 + slot % 8 * 80 + height AS DOUBLE)
);
CREATE MACRO printed_in_10000(yuan) AS format('{:,.2f}', CAST(yuan / 10000 AS DOUBLE));
CREATE MACRO line_id(document_id, table_number, line_number) AS
    substr(sha256(concat_ws('/', document_id, table_number, line_number)), 1, 16);

-- Bodies region by region, a city before its counties: what a city gives, its districts get.
CREATE TABLE places AS
SELECT
    regions.region_id,
    regions.name AS place_name,
    CASE WHEN parents.level IN ('province', 'city') THEN parents.name ELSE '' END || regions.name AS printed_name,
    left(regions.region_id, 4) || '00' AS city_id,
    regions.region_id = city_id AS is_city
FROM seed_regions AS regions
JOIN seed_regions AS parents ON regions.parent_region_id = parents.region_id
WHERE regions.level IN ('city', 'county') AND NOT regions.is_fictional AND parents.level <> 'country';

CREATE TABLE counties AS
SELECT city_id, list(place_name ORDER BY region_id) AS names FROM places WHERE NOT is_city GROUP BY city_id;

CREATE TABLE bodies AS
WITH known AS (
    SELECT
        places.*,
        kinds.kind,
        kinds.first_theme,
        kinds.theme_count,
        printed_name || kind AS name,
        hash(getvariable('seed'), region_id, kind) AS body_key,
        draw(body_key, 'layout') < getvariable('list_share') AS is_list
    FROM places CROSS JOIN kinds
    WHERE draw(hash(getvariable('seed'), region_id, kind), 'publishes') < 0.5
),
sized AS (
    SELECT
        *,
        CAST(
            round(
                CASE
                    WHEN is_list THEN quantile_at(getvariable('list_lines'), draw(body_key, 'size'))
                    ELSE quantile_at(getvariable('form_lines'), draw(body_key, 'size'))
                END
            ) AS INTEGER
        ) AS line_count,
        is_list AND draw(body_key, 'budget') < getvariable('with_budget_share') AS has_budget,
        CASE
            WHEN is_list THEN CAST(round(quantile_at(getvariable('units'), draw(body_key, 'units'))) AS INTEGER) ELSE 1
        END AS unit_count
    FROM known
)
SELECT
    *,
    sum(line_count * (CASE WHEN has_budget THEN 2 ELSE 1 END))
        OVER (ORDER BY hash(getvariable('seed'), city_id), city_id, NOT is_city, region_id, kind)
        * getvariable('published_share') * 8 AS lines_so_far
FROM sized
QUALIFY lines_so_far - line_count * getvariable('published_share') * 8 <= getvariable('lines');

-- A document's draws follow from its body, year and view: a copy and a revision have the draws of their original.
CREATE TABLE documents AS
WITH years AS (
    SELECT bodies.*, year, hash(body_key, year) AS year_key
    FROM bodies CROSS JOIN range(getvariable('first_year'), getvariable('last_year') + 1) AS t(year)
    WHERE draw(hash(body_key, year), 'published') < getvariable('published_share')
),
views AS (
    SELECT *, 'targets' AS view FROM years
    UNION ALL
    SELECT *, 'budget' AS view FROM years WHERE has_budget
),
originals AS (
    SELECT
        *,
        hash(year_key, view) AS key,
        greatest(1, CAST(round(line_count * (0.85 + 0.3 * draw(year_key, 'size'))) AS INTEGER)) AS slots,
        CASE
            WHEN view = 'budget' THEN 'guangdong_table12' WHEN is_list THEN 'guangdong_list' ELSE 'project_forms'
        END AS layout,
        CASE
            WHEN draw(key, 'status') < getvariable('refused_share') THEN 'refused'
            WHEN draw(key, 'status') < getvariable('refused_share') + getvariable('partial_share') THEN 'partial'
            ELSE 'complete'
        END AS status,
        draw(key, 'change') AS change
    FROM views
),
editions AS (
    SELECT *, 0 AS copy, 0 AS revision, change < getvariable('changed_share') / 2 AS is_late FROM originals
    UNION ALL
    SELECT *, 1 AS copy, 0 AS revision, change < getvariable('changed_share') / 2 AS is_late
    FROM originals WHERE draw(key, 'copy') < getvariable('copied_share')
    UNION ALL
    SELECT *, 0 AS copy, 1 AS revision, true AS is_late
    FROM originals WHERE change BETWEEN getvariable('changed_share') / 2 AND getvariable('changed_share')
)
SELECT
    *,
    sha256(concat_ws('/', key, copy, revision)) AS document_id,
    row_number() OVER (ORDER BY is_late, sha256(concat_ws('/', key, copy, revision))) AS number,
    format('https://growth.example/{}/{}/{}{}.pdf', region_id, body_key, year, view) || repeat('.docx', copy) AS url,
    make_timestamptz(CAST(year AS INTEGER), 2, 1, 8, 0, 0, 'UTC')
        + to_days(CAST(hash(key, 'day') % 60 + revision * 90 AS INTEGER)) AS fetched_at
FROM editions;

-- part two: a batch of documents

CREATE OR REPLACE TEMP TABLE batch_documents AS
SELECT * FROM documents
WHERE number BETWEEN getvariable('first_number') AND getvariable('last_number');

CREATE OR REPLACE TEMP TABLE batch_lines AS
WITH slots AS (
    SELECT
        batch_documents.* EXCLUDE (line_count, change, lines_so_far),
        CAST(slot AS INTEGER) AS slot,
        hash(body_key, slot, period_of(year, hash(body_key, slot), 2)) AS project_key,
        hash(body_key, slot, period_of(year, hash(body_key, slot), 2), year) AS line_key
    FROM batch_documents, range(1, slots + 1) AS t(slot)
    WHERE status <> 'refused'
),
named AS (
    SELECT
        slots.*,
        CAST(project_key % unit_count AS INTEGER) AS unit,
        hash(city_id, kind, slot % 5) AS programme_key,
        theme_of(first_theme, theme_count, programme_key, 'theme') || object_of(programme_key, 'object') || '专题'
            AS programme,
        draw(project_key, 'name') AS how,
        chosen(counties.names, project_key, 'recipient') AS recipient,
        theme_of(first_theme, theme_count, project_key, 'theme') AS theme
    FROM slots LEFT JOIN counties USING (city_id)
)
SELECT
    *,
    line_id(document_id, 1, 1 + unit_count + slot) AS project_line_id,
    -- what a city gives is what the county gets, in most years
    CASE
        WHEN is_city AND how BETWEEN 0.07 AND 0.17 AND recipient IS NOT NULL THEN hash(programme_key, recipient, year)
        WHEN NOT is_city AND slot <= 3 AND how BETWEEN 0.07 AND 0.5 THEN hash(programme_key, place_name, year)
        ELSE project_key
    END AS money_key,
    CASE
        WHEN how < 0.07 THEN chosen(getvariable('common_projects'), project_key, 'common')
        WHEN is_city AND recipient IS NOT NULL AND how < 0.17 THEN programme || '（' || recipient || '）'
        WHEN NOT is_city AND slot <= 3 AND how < 0.7 THEN
            CASE
                WHEN how < 0.3 THEN format('财{}【{}】{}号', left(kind, 1), year - 1, 10 + programme_key % 90) ELSE ''
            END
            || format('{}年市{}转移支付-', year, kind) || programme
        ELSE
            CASE WHEN how > 0.88 THEN format('{}年', year) WHEN how > 0.82 THEN name ELSE '' END
            || theme || object_of(project_key, 'object') || chosen(getvariable('endings'), project_key, 'ending')
            || CASE WHEN how BETWEEN 0.8 AND 0.82 THEN '（第二批）' ELSE '' END
    END AS project_name,
    CASE
        WHEN draw(line_key, 'wrong unit') < 0.0002 THEN 0.0001 ELSE 1
    END AS slip,
    CAST(
        greatest(
            1,
            round(
                10 ** (quantile_at(getvariable('log10_yuan'), draw(money_key, 'yuan')) - 2)
                * CASE
                    WHEN money_key <> project_key OR draw(line_key, 'moved') < 0.35 THEN 1
                    ELSE 0.7 + 0.7 * draw(line_key, 'by')
                END
                * CASE WHEN revision = 1 AND draw(line_key, 'revised') < 0.2 THEN 1.1 ELSE 1 END * slip
            )
        ) * 100 AS DECIMAL(18, 2)
    ) AS yuan,
    CASE
        WHEN draw(project_key, 'goal') < 0.08 THEN body_key
        WHEN draw(project_key, 'goal') < 0.5 THEN project_key
        ELSE line_key
    END AS goal_key,
    array_to_string(
        list_transform(
            range(0, CAST(round(quantile_at(getvariable('goal_phrases'), draw(goal_key, 'length'))) AS INTEGER)),
            lambda i: chosen(getvariable('goal_verbs'), goal_key, i)
                || theme_of(first_theme, theme_count, goal_key, i + 100) || object_of(goal_key, i + 200) || chosen(getvariable('goal_ends'), goal_key, i + 300)
        ),
        '；'
    ) || '。' AS goal,
    CASE
        WHEN unit = 0 THEN name || '（本级）'
        WHEN unit < 3 THEN name || ['综合事务中心', '信息中心'][unit]
        ELSE name || theme || format('服务{}所', ['一', '二', '三', '四', '五', '六', '七'][1 + unit % 7])
    END AS organization
FROM named;

CREATE OR REPLACE TEMP TABLE batch_indicators AS
WITH positions AS (
    SELECT
        document_id, project_line_id, slot, year, layout, body_key, line_key, revision, kind, first_theme, theme_count,
        theme, project_key,
        CAST(position AS INTEGER) AS position,
        hash(project_key, position, period_of(year, hash(project_key, position), 3)) AS indicator_key
    FROM batch_lines, range(
        1,
        1 + CAST(
            round(
                CASE
                    WHEN layout = 'project_forms'
                        THEN quantile_at(getvariable('form_indicators'), draw(project_key, 'indicators'))
                    ELSE quantile_at(getvariable('list_indicators'), draw(project_key, 'indicators'))
                END
            ) AS INTEGER
        )
    ) AS t(position)
    WHERE view = 'targets'
),
classed AS (
    SELECT
        positions.*,
        classes.* EXCLUDE (n),
        draw(indicator_key, 'name') AS how,
        hash(class, kind, zipf(draw(indicator_key, 'of kind'), 60)) AS kind_key,
        CASE
            WHEN how < getvariable('common_name_share') + getvariable('kind_name_share') THEN kind_key
            ELSE indicator_key
        END AS name_key,
        -- how a body prints levels: with codes, without, or the first alone
        hash(body_key, 'levels') % 10 AS level_style
    FROM positions JOIN classes ON hash(indicator_key, 'class') % 100 = classes.n
),
forms_chosen AS (
    SELECT
        classed.*,
        forms.* EXCLUDE (class, n),
        -- a target keeps its form; its number moves in some years
        CASE
            WHEN revision = 1 AND draw(line_key, 'revised') < 0.2 THEN hash(indicator_key, year, 'revised')
            WHEN draw(indicator_key, 'steady') < 0.75 THEN indicator_key
            ELSE hash(indicator_key, period_of(year, indicator_key, 1))
        END AS value_key,
        chosen_of(getvariable('all_measures'), first_measure, measure_count, name_key, 'measure') AS measure
    FROM classed JOIN forms ON classed.class = forms.class AND hash(indicator_key, 'form') % 100 = forms.n
)
SELECT
    forms_chosen.* EXCLUDE (first_unit, unit_count, first_word, word_count),
    CASE
        WHEN how < getvariable('common_name_share')
            THEN getvariable('all_common')[first_common + zipf(draw(indicator_key, 'common'), common_count)]
        WHEN how < getvariable('common_name_share') + getvariable('kind_name_share')
            THEN theme_of(first_theme, theme_count, kind_key, 'theme') || object_of(kind_key, 'object') || measure
        ELSE
            theme || object_of(indicator_key, 'object') || chosen(getvariable('goal_verbs'), indicator_key, 'verb')
            || object_of(indicator_key, 'second') || measure
    END AS indicator_name,
    CASE
        WHEN unit_count > 0 THEN chosen_of(getvariable('all_units'), first_unit, unit_count, indicator_key, 'unit')
    END AS unit,
    CASE
        WHEN word_count > 0 THEN chosen_of(getvariable('all_words'), first_word, word_count, indicator_key, 'word')
    END AS word,
    CASE value_kind
        WHEN 'full' THEN 100
        WHEN 'zero' THEN 0
        WHEN 'percent' THEN chosen(getvariable('percents'), value_key, 'value')
        WHEN 'count' THEN CAST(round(10 ** (3 * draw(value_key, 'value'))) AS BIGINT)
        WHEN 'money' THEN CAST(round(10 ** (3 * draw(value_key, 'value'))) AS BIGINT)
    END AS value
FROM forms_chosen;

-- part three: record type by record type, its rows of a batch

-- # documents

SELECT
    document_id, 'application/pdf' AS media_type,
    CASE WHEN status <> 'refused' THEN 'project_targets' END AS document_kind,
    CASE WHEN status <> 'refused' THEN name END AS publisher_name,
    CASE WHEN status <> 'refused' THEN format('{}年{}部门预算', year, name) END AS title,
    CASE WHEN status <> 'refused' THEN year END AS fiscal_year,
    CASE WHEN status <> 'refused' THEN 'title' END AS fiscal_year_basis,
    CASE WHEN status <> 'refused' THEN page(slots) + 4 END AS page_count,
    status, CASE WHEN status <> 'refused' THEN sha256(concat_ws('/', key, revision)) END AS content_fingerprint,
    'growth' AS batch_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS read_at
FROM batch_documents;

-- # lines

WITH projects AS (
    SELECT *, layout = 'project_forms' AND draw(project_key, 'prints') < 0.15 AS prints_both FROM batch_lines
),
of_bodies AS (
    SELECT
        document_id, 1 AS line_number, view, layout, 'total' AS level, '合计' AS name,
        NULL AS organization_name, CAST(sum(yuan) AS DECIMAL(18, 2)) AS total_yuan
    FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, view, layout
    UNION ALL
    SELECT
        document_id, 2 + unit, view, layout, 'unit', any_value(organization),
        any_value(organization), CAST(sum(yuan) AS DECIMAL(18, 2))
    FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, unit, view, layout
)
SELECT
    document_id, project_line_id, 1 AS table_number, 1 + unit_count + slot AS line_number, view, layout,
    'project' AS level, project_name AS name, organization AS organization_name,
    printed_in_10000(yuan) AS total_text, yuan AS total_yuan,
    CASE WHEN prints_both THEN printed_in_10000(yuan * 3) END AS project_total_text,
    CASE WHEN prints_both THEN CAST(yuan * 3 AS DECIMAL(18, 2)) END AS project_total_yuan,
    '万元' AS amount_unit,
    CASE WHEN draw(line_key, 'goal') < 0.98 THEN goal END AS goal_text,
    CASE WHEN prints_both THEN goal END AS project_goal_text,
    draw(project_key, 'confidential') < 0.002 AS is_confidential, false AS is_recognised, CAST(NULL AS VARCHAR) AS transfer_heading,
    page(slot) AS page_number, box(slot, 0) AS bbox, place(slot, 0) AS locator
FROM projects
UNION ALL BY NAME
SELECT
    document_id, line_id(document_id, 1, line_number) AS project_line_id, 1 AS table_number, line_number, view, layout,
    level, name, organization_name, printed_in_10000(total_yuan) AS total_text, total_yuan,
    NULL AS project_total_text, NULL AS project_total_yuan, '万元' AS amount_unit, NULL AS goal_text,
    NULL AS project_goal_text, false AS is_confidential, false AS is_recognised, CAST(NULL AS VARCHAR) AS transfer_heading,
    8 AS page_number, box(line_number, 0) AS bbox, place(line_number, 0) AS locator
FROM of_bodies;

-- # funds

SELECT
    document_id, project_line_id, fund_source, 'annual' AS period,
    printed_in_10000(amount_yuan) AS amount_text, amount_yuan, 'printed' AS allocation,
    CAST([] AS VARCHAR[]) AS candidates,
    page(slot) AS page_number, box(slot, 1) AS bbox, place(slot, 1) AS locator
FROM (
    SELECT
        document_id, project_line_id, slot, unnest(sources) AS fund_source,
        unnest(
            list_transform(
                range(0, len(sources)), lambda i: CASE WHEN i = paid THEN yuan ELSE CAST(0 AS DECIMAL(18, 2)) END
            )
        ) AS amount_yuan
    FROM (
        SELECT
            *,
            CASE layout
                WHEN 'guangdong_table12' THEN ['一般公共预算', '政府性基金预算', '国有资本经营预算', '财政专户拨款', '其他资金']
                WHEN 'guangdong_list' THEN ['财政拨款']
                ELSE ['财政拨款', '其他资金']
            END AS sources,
            CASE
                WHEN draw(project_key, 'fund') < 0.8 THEN 0 ELSE CAST(project_key % len(sources) AS INTEGER)
            END AS paid
        FROM batch_lines
    )
);

-- # indicators

SELECT
    document_id, project_line_id, position AS indicator_position,
    CASE WHEN level_style < 4 THEN CAST(position AS VARCHAR) END AS indicator_number,
    CASE WHEN level_style < 4 THEN level_1_code END AS level_1_code, level_1_name,
    CASE WHEN level_style < 4 THEN level_2_code END AS level_2_code,
    CASE
        WHEN level_style < 4 THEN level_2_name
        WHEN level_style < 8 THEN regexp_replace(level_2_name, '(指标)?$', '指标')
    END AS level_2_name,
    CASE WHEN how > 0.98 THEN format('{}年', year) ELSE '' END || indicator_name AS name, NULL AS weight,
    NULL AS nature_text, NULL AS unit_text, NULL AS explanation_text, NULL AS prior_value_text,
    page(slot) AS page_number, box(slot, position) AS bbox, place(slot, position) AS locator
FROM batch_indicators;

-- # targets

WITH valued AS (
    SELECT
        *,
        replace(text, '{}', concat(value, CASE value_kind WHEN 'money' THEN '万元' ELSE unit END)) AS printed,
        CASE WHEN comparator IN ('qualitative', 'missing', 'deadline') THEN NULL
            WHEN value_kind = 'money' THEN value * 10000 ELSE value END AS number
    FROM batch_indicators
)
SELECT
    document_id, project_line_id, position AS indicator_position, period,
    CASE comparator
        WHEN 'deadline' THEN format('{}年{}月底前', year, 6 + value_key % 7)
        WHEN 'qualitative' THEN word
        WHEN 'missing' THEN ''
        ELSE printed
    END AS target_text,
    1 AS component_number, NULL AS component_subject, comparator,
    CAST(number AS DECIMAL(38, 10)) AS target_value, NULL AS target_value_upper,
    CASE WHEN number IS NOT NULL THEN unit END AS unit, NULL AS per_unit,
    CASE comparator WHEN 'qualitative' THEN word END AS reference_text, NULL AS deadline_start,
    CASE comparator
        WHEN 'deadline' THEN last_day(make_date(CAST(year AS BIGINT), CAST(6 + value_key % 7 AS BIGINT), 1))
    END AS deadline_end
FROM valued, (VALUES ('annual'), ('project')) AS periods(period)
WHERE period = 'annual' OR layout = 'project_forms';

-- # issues

WITH found AS (
    SELECT document_id, project_line_id, page(slot) AS page_number, kinds.severity, kinds.code,
        format(kinds.message, slot) AS message, '请核对原文' AS what_to_do, box(slot, 0) AS bbox
    FROM batch_lines JOIN issue_kinds AS kinds ON hash(line_key, 'issue') % 100 = kinds.n
    WHERE draw(line_key, 'has issue') < 0.13
    UNION ALL
    SELECT document_id, NULL, 8, 'error', 'unbalanced_sum', '合计与各行之和不符', '请核对原文', NULL
    FROM batch_documents WHERE status = 'partial'
    UNION ALL
    SELECT document_id, NULL, NULL, 'error', 'not_a_document', '无法读取', '请取得可读的文件', NULL
    FROM batch_documents WHERE status = 'refused'
)
SELECT
    document_id, project_line_id,
    row_number() OVER (PARTITION BY document_id ORDER BY project_line_id, code) AS issue_number,
    severity, code, message, what_to_do, page_number, bbox
FROM found;

-- # reconciliations

WITH checks AS (
    SELECT
        document_id, project_line_id, organization AS organization_name, 'funds_to_line' AS check_name,
        unnest(CASE layout WHEN 'guangdong_table12' THEN ['total', '财政拨款'] ELSE ['total'] END) AS measure,
        yuan AS declared_yuan, 0 AS difference_yuan, 50 AS tolerance_yuan
    FROM batch_lines
    UNION ALL
    SELECT
        document_id, line_id(document_id, 1, 2 + unit), any_value(organization), 'projects_to_unit',
        unnest(['total', '财政拨款']), sum(yuan), CASE WHEN document_id[1] = '0' THEN 100 ELSE 0 END, 50 * count(*)
    FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, unit
    UNION ALL
    SELECT
        document_id, line_id(document_id, 1, 1), NULL, 'projects_to_total', 'total', sum(yuan),
        CASE WHEN status = 'partial' THEN 1000000 ELSE 0 END, 50 * count(*)
    FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, status
)
SELECT
    document_id, project_line_id, organization_name, check_name, measure,
    CAST(declared_yuan AS DECIMAL(18, 2)) AS declared_yuan,
    CAST(declared_yuan - difference_yuan AS DECIMAL(18, 2)) AS summed_yuan,
    CAST(difference_yuan AS DECIMAL(18, 2)) AS difference_yuan,
    CAST(tolerance_yuan AS DECIMAL(18, 2)) AS tolerance_yuan,
    CASE
        WHEN difference_yuan = 0 THEN 'balanced' WHEN difference_yuan <= tolerance_yuan THEN 'rounding' ELSE 'unbalanced'
    END AS status
FROM checks;
