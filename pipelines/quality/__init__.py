"""The data-quality checks: measured on a settled warehouse, judged by the catalogue, sent back to the hospitals.

    catalogue     the checks as data (`expectations/quality/`): texts, thresholds, parameters
    measure       runs the checks of `sql/quality_check` on a warehouse into `<home>/quality/<delivery>.duckdb`
    macro         judges what SQL has counted: `macro_volumes`, `macro_practice`, `macro_values` by `statistics`
    judge         runs `sql/quality_result`: thresholds, answers, comparison; needs no new measurement
    answers       what the hospitals answer
    publication   `<home>/published/<delivery>-kvalitet/`: a pack per hospital and the national overview
    command       what `isf quality` calls

Belongs here: running, carrying and showing. What is wrong with a row is decided in SQL.
"""
