"""Test functions of optimisation: `landscapes`, `deap`, `opfunu`, `cma`."""

import numpy as np

from tests.thirdparty.case import case

P = np.array([0.35, -0.72])
Q = np.array([0.35, 0.72, 1.17, 0.93])
U = np.array([0.35, 0.21, 0.67, 0.52, 0.81])


def shekel(x):
    from deap.benchmarks import shekel
    return shekel(x, np.array([[0.5, 0.5], [0.25, 0.25]]), np.array([0.002, 0.005]))


def opfunu_griewank(x):
    from opfunu.name_based import Griewank
    return Griewank(ndim=4).evaluate(x)


def opfunu_ackley(x):
    from opfunu.name_based import Ackley01
    return Ackley01(ndim=4).evaluate(x)


def opfunu_levy(x):
    from opfunu.name_based import Levy03
    return Levy03(ndim=4).evaluate(x)


def opfunu_rotated(x):
    from opfunu.utils.operator import bent_cigar_func
    return bent_cigar_func(x)


def cma_rosenbrock(x):
    from cma.fitness_functions import FitnessFunctions
    return FitnessFunctions().rosen(x)


def cma_ellipsoid(x):
    from cma.fitness_functions import FitnessFunctions
    return FitnessFunctions().elli(x)


def cma_diffpow(x):
    from cma.fitness_functions import FitnessFunctions
    return FitnessFunctions().diffpow(x)


CASES = [
    case("landscapes.single_objective.ackley", P),
    case("landscapes.single_objective.adjiman", P),
    case("landscapes.single_objective.beale", P),
    case("landscapes.single_objective.branin", P),
    case("landscapes.single_objective.brown", Q),
    case("landscapes.single_objective.camel_hump_6", P),
    case("landscapes.single_objective.colville", Q),
    case("landscapes.single_objective.cross_in_tray", P),
    case("landscapes.single_objective.dixon_price", Q),
    case("landscapes.single_objective.drop_wave", P),
    case("landscapes.single_objective.goldstein_price", P),
    case("landscapes.single_objective.griewank", Q),
    case("landscapes.single_objective.keane", P),
    case("landscapes.single_objective.michalewicz", Q),
    case("landscapes.single_objective.rosenbrock", Q),
    case("landscapes.single_objective.schwefel", Q),
    case("landscapes.single_objective.sum_of_different_powers", Q),
    case("landscapes.single_objective.zakharov", Q),
    case("deap.benchmarks.ackley", Q),
    case("deap.benchmarks.bohachevsky", Q),
    case("deap.benchmarks.cigar", Q),
    case("deap.benchmarks.dtlz1", U, obj=3),
    case("deap.benchmarks.dtlz3", U, obj=3),
    case("deap.benchmarks.fonseca", Q[:3].copy()),
    case("deap.benchmarks.griewank", Q),
    case("deap.benchmarks.h1", P),
    case("deap.benchmarks.kursawe", Q),
    case("deap.benchmarks.poloni", P),
    case("deap.benchmarks.rastrigin", Q),
    case("deap.benchmarks.schaffer", Q),
    case("deap.benchmarks.shekel", P, by=shekel),
    case("deap.benchmarks.zdt3", U),
    case("opfunu.name_based.Griewank", Q, by=opfunu_griewank),
    case("opfunu.name_based.Ackley01", Q, by=opfunu_ackley),
    case("opfunu.name_based.Levy03", Q, by=opfunu_levy),
    case("opfunu.utils.operator.bent_cigar_func", Q, by=opfunu_rotated),
    case("cma.fitness_functions.FitnessFunctions.rosen", Q, by=cma_rosenbrock),
    case("cma.fitness_functions.FitnessFunctions.elli", Q, by=cma_ellipsoid),
    case("cma.fitness_functions.FitnessFunctions.diffpow", Q, by=cma_diffpow),
]
