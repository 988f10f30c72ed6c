"""The dashboards: Superset's settings and everything it shows, as code.

It runs in Superset's own environment, whose packages are not the pipeline's:

    datasets.yml, words.yml, dashboards/*.yml   what is shown, in a few lines each
    definitions   these files → definitions      bundle   definitions and the published file → Superset's import format
    accounts      roles and users                prepare  metadata, accounts and bundle → a Superset that is ready
    serve         waits for a published file, then serves it
    export        what was changed in Superset → these files again
"""
