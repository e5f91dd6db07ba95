"""Where the rules of a library's functions are; they are imported when one of these is met."""

from __future__ import annotations

__all__ = ["RULE_MODULES"]

#: Rule modules by the top-level module whose functions they speak of; "" are loaded first of all.
RULE_MODULES: dict[str, tuple[str, ...]] = {
    "": ("operators", "elementwise", "special_points", "powers", "squares", "mathematics",
         "reductions", "shapes", "counting", "progressions", "sampled_slopes", "polynomials",
         "joining", "indexing", "linalg", "linalg_ufuncs", "containers", "iterators", "dict_reads",
         "set_reads", "builtin_functions", "static_attributes", "markers", "constants", "solvers",
         "writes_lists", "writes_deques", "writes_dicts", "writes_sets", "writes_heaps",
         "writes_arrays", "windows", "writes_objects", "writes_operators", "writes_copies",
         "writes_out", "writes_at", "multilinear", "factors_forward"),
    "s2sdiff.runtime": ("helpers", "moving", "structures"),
    "numpy.fft": ("fft",),
    "numpy.polynomial": ("polynomial_objects",),
    "numpy.random": ("writes_shuffled", "drawn", "chosen"),
    "statistics": ("statistics_functions",),
    "scipy": ("scipy_namespace", "scipy_special", "scipy_softmax", "scipy_powers",
              "scipy_box_cox", "scipy_integrals", "scipy_elliptic", "scipy_carlson", "scipy_gamma",
              "scipy_incomplete", "scipy_incomplete_beta", "scipy_incomplete_beta_inverses",
              "scipy_noncentral", "scipy_probabilities", "scipy_probabilities_beta",
              "scipy_probabilities_student",
              "scipy_binomial", "scipy_closed_moments", "scipy_bessel", "scipy_bessel_scaled",
              "scipy_bessel_kin", "scipy_mathieu", "scipy_polynomials", "scipy_hypergeometric",
              "scipy_harmonics", "scipy_dirichlet"),
    "scipy.fft": ("scipy_fft",),
    "scipy.fftpack": ("scipy_fftpack",),
    "scipy.interpolate": ("scipy_interpolate", "scipy_piecewise", "scipy_bsplines",
                          "scipy_lapack", "scipy_fitpack", "scipy_fitpack_surfaces",
                          "scipy_fitpack_in_c", "scipy_fitpack_curves", "scipy_radial",
                          "scipy_grids", "scipy_tensor_splines"),
    "scipy.linalg": ("scipy_linalg", "scipy_linalg_forward", "scipy_matrices", "scipy_riccati",
                     "scipy_banded", "scipy_forms", "scipy_triangular_forms"),
    "scipy.ndimage": ("scipy_ndimage",),
    "scipy.optimize": ("scipy_nonnegative",),
    "scipy.signal": ("scipy_signal", "scipy_multilinear", "scipy_peaks"),
    "scipy.sparse": ("scipy_sparse", "scipy_sparse_products", "scipy_sparse_solvers",
                     "scipy_sparse_eigenvalues", "scipy_sparse_least_squares",
                     "scipy_sparse_blocks", "scipy_sparse_extremes"),
    "scipy.spatial": ("scipy_distances", "scipy_divergences", "scipy_rotations"),
    "scipy.stats": ("scipy_stats",),
}
