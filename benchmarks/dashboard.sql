-- Ten queries as dashboards ask them of the published file. Each begins with what it is about.

-- # money by region and year
SELECT regions.name, budgets.fiscal_year, sum(budgets.total_yuan) AS yuan, count(*) AS lines
FROM marts.fct_project_budgets AS budgets
JOIN marts.dim_organizations AS organizations USING (organization_id)
JOIN marts.dim_regions AS regions USING (region_id)
WHERE budgets.is_counted
GROUP BY ALL
ORDER BY yuan DESC;

-- # the twenty bodies with most money in a year
SELECT organizations.name, sum(budgets.total_yuan) AS yuan, count(DISTINCT budgets.project_id) AS projects
FROM marts.fct_project_budgets AS budgets
JOIN marts.dim_organizations AS organizations USING (organization_id)
WHERE budgets.is_counted AND budgets.fiscal_year = 2026
GROUP BY ALL
ORDER BY yuan DESC
LIMIT 20;

-- # kinds of money by year
SELECT sources.name, funds.fiscal_year, sum(funds.amount_yuan) AS yuan
FROM marts.fct_project_funds AS funds
JOIN marts.dim_fund_sources AS sources USING (fund_source_id)
WHERE funds.is_counted AND funds.period = 'annual'
GROUP BY ALL
ORDER BY ALL;

-- # projects that were raised most
SELECT projects.name, organizations.name AS body, changes.fiscal_year, changes.difference_yuan
FROM marts.fct_project_changes AS changes
JOIN marts.dim_projects AS projects USING (project_id)
JOIN marts.dim_organizations AS organizations ON changes.organization_id = organizations.organization_id
WHERE changes.fiscal_year = 2026 AND changes.change = 'raised'
ORDER BY changes.difference_yuan DESC
LIMIT 50;

-- # what became of targets, by year
SELECT fiscal_year, change, count(*) AS targets
FROM marts.fct_indicator_changes
GROUP BY ALL
ORDER BY ALL;

-- # the indicators that most bodies use, with their distributions
SELECT indicators.level_1_name, indicators.name, benchmarks.unit, benchmarks.body_count, benchmarks.median_value
FROM marts.agg_indicator_benchmarks AS benchmarks
JOIN marts.dim_indicators AS indicators USING (indicator_id)
WHERE benchmarks.is_all_regions AND benchmarks.fiscal_year = 2026
ORDER BY benchmarks.body_count DESC
LIMIT 30;

-- # whose promises can be checked, by kind of region and year
SELECT regions.level, specificity.fiscal_year, sum(quantified_count) / sum(target_count) AS quantified_share
FROM marts.agg_target_specificity AS specificity
JOIN marts.dim_organizations AS organizations USING (organization_id)
JOIN marts.dim_regions AS regions USING (region_id)
GROUP BY ALL
ORDER BY ALL;

-- # projects whose name holds a word
SELECT projects.name, organizations.name AS body, projects.first_fiscal_year, projects.last_fiscal_year
FROM marts.dim_projects AS projects
JOIN marts.dim_organizations AS organizations USING (organization_id)
WHERE projects.name LIKE '%养老%信息化%'
ORDER BY ALL
LIMIT 100;

-- # one body's lines of a year with their targets
SELECT budgets.project_name, budgets.total_yuan, targets.indicator_name, targets.target_text, targets.page_number
FROM marts.fct_project_budgets AS budgets
LEFT JOIN marts.fct_indicator_targets AS targets USING (project_line_id)
WHERE
    budgets.fiscal_year = 2026
    AND budgets.organization_id = (SELECT min(organization_id) FROM marts.fct_project_budgets WHERE fiscal_year = 2026)
ORDER BY ALL;

-- # documents by status and what is the matter with them
SELECT documents.fiscal_year, documents.status, issues.code, count(DISTINCT documents.document_id) AS documents
FROM marts.dim_documents AS documents
LEFT JOIN quality.qa_issues AS issues ON documents.document_id = issues.document_id AND issues.severity <> 'info'
GROUP BY ALL
ORDER BY ALL;
