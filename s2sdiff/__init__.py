"""s2sdiff: derivatives of plain Python and NumPy functions, as source code.

>>> import s2sdiff as sd
>>> sd.grad(lambda x: x * x)(3.0)
6.0
"""

from s2sdiff.api import grad, value_and_grad
from s2sdiff.checking import check_grads
from s2sdiff.errors import (
    AliasingError,
    DifferentiationError,
    InternalError,
    MissingDerivativeError,
    NestedDerivativeError,
    RuleError,
    SourceError,
    UnsupportedError,
    ZeroDerivativeWarning,
)
from s2sdiff.forward import jvp
from s2sdiff.functions import checkpoint, differentiable, differentiable_function, source
from s2sdiff.hessian_products import hvp
from s2sdiff.jacobians import hessian, jacfwd, jacobian, jacrev
from s2sdiff.linearized import linearize
from s2sdiff.registry import derivative
from s2sdiff.runtime.declared import field, register_differentiable
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.markers import stop_gradient, with_derivative
from s2sdiff.runtime.moving import TangentVector, move, tangent_map, zero_tangent
from s2sdiff.scoped_rules import derivatives
from s2sdiff.sparse import sparse_hessian, sparse_jacobian, sparsity_pattern
from s2sdiff.vector_products import vjp

__version__ = "0.1.0"

__all__ = [
    "AliasingError", "DifferentiationError", "InternalError", "Later", "MissingDerivativeError",
    "NestedDerivativeError", "RuleError", "SourceError", "TangentVector", "UnsupportedError",
    "ZeroDerivativeWarning", "check_grads", "checkpoint", "derivative", "derivatives",
    "differentiable", "differentiable_function", "field", "grad", "hessian", "hvp", "jacfwd",
    "jacobian", "jacrev", "jvp", "linearize", "move", "register_differentiable", "source",
    "sparse_hessian", "sparse_jacobian", "sparsity_pattern", "stop_gradient", "tangent_map",
    "value_and_grad", "vjp", "with_derivative", "zero_tangent",
]
