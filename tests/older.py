"""What older versions of NumPy and SciPy lack: why some tests have nothing to look at there.

Python 3.10 has SciPy 1.15 and NumPy 2.2 at most.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

__all__ = ["reason_of"]

STACKS = "functions of matrices take no stacks"
SHAPES = "its own code sets the shape of an array of unknown kind in place, which is refused"
ROTATIONS = "rotations are compiled, and not all of them have a rule"
OF_SCIPY = "its own function gives nan there"

#: By the library and the first version that has it: the beginnings of tests' ids, and the reason.
LACKING: dict[tuple[str, tuple[int, int]], dict[str, str]] = {
    ("python", (3, 11)): {
        "test_texts_by_other_names.py::test_what_an_operator_calls": "there is no `operator.call`",
    },
    ("scipy", (1, 16)): {
        "test_scipy_linalg_broadcast.py::test_one_matrix_of_many_systems": STACKS,
        "test_scipy_linalg_broadcast.py::test_one_right_hand_side_of_many": STACKS,
        "test_scipy_linalg_broadcast.py::test_functions_of_several_matrices": STACKS,
        "test_scipy_stacks.py::": STACKS,
        "test_odd_shapes.py::test_what_a_rule_has_no_shape_for_is_refused": STACKS,
        "test_odd_shapes.py::test_one_matrix_solves_a_stack": STACKS,
        "test_odd_shapes.py::test_a_stack_of_matrices_by_one_agrees": STACKS,
        "test_scipy_linalg.py::test_systems_of_equations_agree_with_differences[shape0": STACKS,
        "test_scipy_linalg.py::test_systems_of_equations_agree_with_differences[shape1": STACKS,
        "test_scipy_linalg.py::test_inverses_determinants_and_exponentials_agree": STACKS,
        "test_scipy_matrix_functions.py::test_functions_of_a_matrix_agree_with_differences[sqrtm":
            STACKS,
        "test_scipy_decompositions.py::test_eigenvectors_agree_with_differences": STACKS,
        "test_scipy_decompositions.py::test_a_part_that_cuts_equal_eigenvalues_shares": STACKS,
    },
    ("scipy", (1, 17)): {
        "test_scipy_bsplines.py::test_splines_of_least_squares_move_with_data": "its own function "
            "takes no data that lie apart in memory",
        "test_scipy_filters.py::test_sections_without_delay": SHAPES,
        "test_scipy_resampling.py::test_decimation": SHAPES,
        "test_scipy_resampling.py::test_second_derivatives_through_decimation": SHAPES,
        "test_scipy_fitpack_surfaces.py::test_a_surface_of_given_knots": SHAPES,
        "test_scipy_multivariate.py::test_equal_eigenvalues_of_a_shape_matrix": "its own code "
            "computes eigenvectors of equal eigenvalues, which is refused",
        "test_scipy_rotations.py::test_a_rotation_moves_with_what_it_is_made_of[parameters":
            ROTATIONS,
        "test_scipy_rotations.py::test_a_turned_vector_moves_by_the_cross_product": ROTATIONS,
        "test_scipy_rotations.py::test_an_alignment_that_is_arbitrary_is_refused": ROTATIONS,
        "test_scipy_sparse_linalg.py::test_norms_move_with_the_elements[greatest row": "its own "
            "code puts the elements in order in place, which is refused",
        "test_scipy_special_bends.py::test_second_derivatives_at_ends_and_far_out_are_right[fdtri":
            OF_SCIPY,
        "test_scipy_special_edges.py::test_where_a_slope_exists_it_is_no_nan[chdtriv": OF_SCIPY,
    },
    ("numpy", (2, 4)): {
        "test_shapes.py::test_a_function_of_shapes_agrees_with_differences[pad-": "`np.pad` takes "
            "no dict of widths",
        "test_numpy_source.py::test_special_methods_that_are_called_by_name": "complex numbers "
            "have no `__complex__`",
    },
}


def reason_of(nodeid: str) -> str | None:
    """Why a test is left out with the versions that are installed; None: it is not."""
    name = nodeid.rpartition("/")[2]
    return next((f"{library} {version}: {reason}" for begins, library, version, reason in _lacking
                 if name.startswith(begins)), None)


def _read() -> Iterator[tuple[str, str, str, str]]:
    for (library, since), lacking in LACKING.items():
        try:
            version = platform.python_version() if library == "python" else \
                metadata.version(library)
        except metadata.PackageNotFoundError:
            continue  # tests that need it are skipped
        if tuple(map(int, version.split(".")[:2])) < since:
            for begins, reason in lacking.items():
                yield begins, library, version, reason


_lacking = list(_read())
