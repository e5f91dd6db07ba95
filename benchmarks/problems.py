"""All problems, in the order of the table."""

from benchmarks import (
    dict_counts,
    dict_state,
    gmm,
    heat,
    heat_in_place,
    list_line,
    list_table,
    logsumexp,
    mlp,
    newton,
    rnn,
    rosenbrock,
    scalar_line,
    scalar_loop,
    solver_object,
)

PROBLEMS = tuple(
    module.PROBLEM
    for module in (scalar_line, scalar_loop, newton, logsumexp, rosenbrock, mlp, rnn, gmm, heat,
                   heat_in_place, list_line, list_table, dict_counts, dict_state, solver_object)
)
