"""The page behind a number: documents as they are printed, with their facts and what is wrong with them outlined.

``app`` is a FastAPI application that whoever serves it gives its house and its way of knowing users (the plugin of
Airflow in ``plugins/``); ``facts`` asks the published file, ``drawn`` pictures a page in a guarded process.
"""
