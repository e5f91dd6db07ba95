"""NumPy's functions and methods."""

__all__ = ["ROWS"]

NUMPY = """
sin cos exp tanh square negative log sqrt abs absolute tan arctan sinh cosh arcsinh expm1 : np.{}(x)
arcsin arccos arctanh log1p log2 log10 exp2 sinc fabs positive i0 deg2rad rad2deg degrees : np.{}(x)
radians atan asinh reciprocal conj conjugate asin acos atanh cbrt nan_to_num real imag : np.{}(x)
arccosh acosh : np.{}(x + 1.0)
angle : np.angle(z)
real_if_close : np.real_if_close(x)
unwrap : np.unwrap(9.0 * x)
sign floor ceil rint trunc fix spacing isnan isfinite : x * np.{}(3.0 * x)
round around : x * np.{}(3.0 * x, 1)
frexp : np.frexp(3.0 * x)[0] + np.frexp(3.0 * x)[1]
modf : np.modf(3.0 * x)
ldexp : np.ldexp(x, 3)
heaviside : y * np.heaviside(x - 0.5, 0.5)
nextafter : x * np.nextafter(0.5, 1.0)
add subtract multiply divide true_divide maximum minimum fmax fmin copysign : np.{}(x, y)
arctan2 atan2 hypot logaddexp logaddexp2 float_power power pow : np.{}(x, y)
mod remainder fmod : np.{}(3.0 * x, y)
floor_divide : x * np.floor_divide(3.0 * x, y)
divmod : np.divmod(3.0 * x, y)[1]
sum mean max min std var prod amax amin median ptp nansum nanmean nanmax nanmin : np.{}(M, axis=1)
nanprod nanstd nanvar nanmedian : np.{}(M, axis=1)
cumsum cumprod nancumsum nancumprod cumulative_sum cumulative_prod : np.{}(M, axis=1)
percentile nanpercentile : np.{}(x, [30.0, 71.0])
quantile nanquantile : np.{}(M, 0.3, axis=1)
average : np.average(x, weights=y)
trapezoid : np.trapezoid(y, np.cumsum(x))
diff : np.diff(M, axis=1)
clip : np.clip(x, 0.3, y)
ediff1d gradient : np.{}(x)
cov corrcoef : np.{}(N.T)
add.reduce multiply.reduce maximum.reduce add.accumulate : np.{}(M, axis=1)
multiply.outer add.outer subtract.outer : np.{}(x, v)
add.at : added_at(x, y)
add.reduceat : np.add.reduceat(x, [0, 2, 3])
dot matmul : np.{}(M, A)
einsum : np.einsum("ij,kj->ik", M, A)
outer inner : np.{}(x, y)
vdot : np.vdot(z, Z[0])
tensordot : np.tensordot(T, M, ((0, 1), (0, 1)))
cross vecdot : np.{}(v, w)
kron : np.kron(M, v)
trace diag diagonal tril triu : np.{}(A)
matvec : np.matvec(M, v)
vecmat : np.vecmat(v, A)
convolve correlate : np.{}(x, v, "same")
interp : np.interp(x, np.cumsum(y), y)
polyval : np.polyval(v, x)
polyadd polymul polysub : np.{}(x, v)
polyder polyint poly : np.{}(x)
polyfit : np.polyfit(np.cumsum(x), y, 2)
vander : np.vander(v, 4)
apply_along_axis : np.apply_along_axis(lambda row: row[0] * row, 1, M)
reshape : np.reshape(M, (3, 2))
transpose permute_dims : np.{}(T, (2, 0, 1))
concatenate concat : np.{}((M, A[:2]), axis=1)
vstack column_stack stack hstack dstack : np.{}((x, y))
where : np.where(x > 0.4, x, y)
array asarray asanyarray ascontiguousarray asfortranarray copy : x * np.{}(y)
require : np.require(x, requirements="C") * y
squeeze : np.squeeze(M[:, :1])
expand_dims : np.expand_dims(x, 0)
ravel flip fliplr flipud rot90 atleast_2d matrix_transpose : np.{}(M)
zeros_like ones_like empty_like : x * np.zeros_like(x) + x * np.{}(x).size
full_like : np.full_like(x, s)
full : np.full(4, s)
sort : np.sort(M, axis=1)
broadcast_to : np.broadcast_to(v, (2, 3))
tile : np.tile(v, (2, 2))
repeat : np.repeat(v, [1, 2, 3])
roll : np.roll(M, 1, axis=1)
swapaxes moveaxis rollaxis : np.{}(T, 2, 0)
atleast_1d atleast_3d : np.{}(s)
split hsplit array_split : np.{}(x[:4], 2)
vsplit : np.vsplit(M, 2)
dsplit : np.dsplit(T, 2)
take : np.take(x, [3, 0, 0])
pad : np.pad(M, 1, mode="reflect")
linspace geomspace : np.{}(s, t, 5)
logspace : np.logspace(s, t, 5)
meshgrid : np.meshgrid(v, x)
broadcast_arrays : np.broadcast_arrays(v, x[:, None])
append : np.append(x, v)
select : np.select([x > 0.6, x > 0.3], [x * y, x + y], 0.0)
arange : x * np.arange(5.0)
eye identity tri : A * np.{}(3)
ones zeros : x + np.{}(5)
diagflat : np.diagflat(v)
unstack : np.unstack(M)
delete : np.delete(x, [1, 3])
insert : np.insert(x, 2, s)
take_along_axis : np.take_along_axis(M, np.argsort(M, axis=1), axis=1)
compress : np.compress([True, False, True], v)
extract : np.extract(x > 0.4, x)
choose : np.choose([0, 1, 0], [v, w])
resize : np.resize(v, (2, 4))
block : np.block([[A, M.T], [M, np.eye(2)]])
partition : np.partition(x, 2)[2]
piecewise : np.piecewise(x, [x < 0.4, x >= 0.4], [lambda u: u * u, lambda u: 2.0 * u])
bincount : np.bincount([0, 2, 1, 2, 0], weights=x)
fromiter : x * np.fromiter((k for k in range(5)), float)
array_equal : x * np.array_equal(x, y)
searchsorted : x * np.searchsorted([0.3, 0.5], x)
histogram : np.histogram([0.1, 0.5, 0.9, 0.4, 0.2], bins=3, weights=x)[0]
unique : np.unique(x)
trim_zeros : np.trim_zeros(np.concatenate(([0.0], x)))
ix_ : A[np.ix_([0, 2], [1, 2])]
sort_complex : np.sort_complex(z)
argsort argmax argmin : x * np.{}(x * y)
isclose : x * np.isclose(x, y)
count_nonzero any all : x * np.{}(x > 0.4)
logical_and : x * np.logical_and(x > 0.3, y > 0.3)
allclose : x * np.allclose(x, y)
apply_over_axes : np.apply_over_axes(np.sum, T, [0, 2])
fill_diagonal : filled_diagonal(A, s)
put_along_axis : put_along(M, s)
copyto : copied_to(x, y)
vectorize : np.vectorize(lambda a, b: a * b + a)(x, y)
ndim shape size isscalar iscomplexobj : s * np.ones(2) * np.sum(np.{}(x))
finfo : x * np.finfo(float).eps
float64 : np.float64(s) * t
result_type : x.astype(np.result_type(x, y))
nonzero flatnonzero : x[np.{}(x > 0.4)]
mgrid ogrid : x[:3] * np.{}[0:3]
r_ : np.r_[x, s, y]
c_ : np.c_[x, y]
s_ : x[np.s_[1:4]]
"""

METHODS = """
T mT real imag : M.{} * 2.0
flat : M.flat[1:4]
shape size ndim : x * np.sum(M.{})
dtype : x * M.dtype.itemsize
sum mean max min std var prod cumsum cumprod : M.{}(axis=1)
ptp : np.ptp(M, axis=1)
reshape : M.reshape(3, -1)
ravel flatten transpose copy conj conjugate : M.{}()
dot : M.dot(A)
astype : x.astype(np.float64) * y
squeeze : M[:1].squeeze()
swapaxes : T.swapaxes(0, 2)
clip : x.clip(0.3, 0.6)
diagonal trace : A.{}()
take : x.take([3, 0, 0])
repeat : x.repeat(2)
item : x.item(2) * t
tolist : x.tolist()[1] * t
round : x * x.round(1)
compress : v.compress([True, False, True])
choose : x * np.array([0, 1, 1, 0, 1]).choose([1.0, 2.0])
argmax argmin argsort any all : x * x.{}()
nonzero : x[(x > 0.4).nonzero()]
view : x.view() * y
__len__ : x * x.__len__()
__abs__ : v.__abs__()
searchsorted : x * np.array([0.3, 0.5]).searchsorted(x)
__float__ : x[2:3].reshape(()).__float__() * t
__complex__ : x[2:3].reshape(()).__complex__() * t
__contains__ : x * x.__contains__(0.2)
sort : sorted_copy(x)
fill : filled(x, s)
resize : resized(x)
put : put_copy(x, s)
partition : partitioned_copy(x)[2]
__setitem__ : set_copy(x, s)
__getitem__ : x.__getitem__(slice(1, 4))
__iter__ : sum(a * a for a in x.__iter__())
"""

LINALG = """
inv det pinv slogdet matrix_norm svdvals cond : np.linalg.{}(A)
solve : np.linalg.solve(A, v)
lstsq : np.linalg.lstsq(N, x)[0]
norm vector_norm : np.linalg.{}(v)
cholesky : np.linalg.cholesky((S + S.T) / 2.0)
eigh : np.linalg.eigh((S + S.T) / 2.0)[0] * (np.linalg.eigh((S + S.T) / 2.0)[1] ** 2)
eigvalsh : np.linalg.eigvalsh((S + S.T) / 2.0)
svd : np.linalg.svd(A)[1] * np.linalg.svd(A)[2] ** 2
qr : np.linalg.qr(A)[1]
matrix_power : np.linalg.matrix_power(A, 3)
multi_dot : np.linalg.multi_dot([M, A, B])
eig : np.linalg.eig((S + S.T) / 2.0)[0]
eigvals : np.sum(np.linalg.eigvals(A) ** 2).real
trace diagonal matrix_transpose : np.linalg.{}(A)
outer cross vecdot : np.linalg.{}(v, w)
matmul : np.linalg.matmul(M, A)
tensordot : np.linalg.tensordot(M, A, axes=1)
matrix_rank : A * np.linalg.matrix_rank(A)
tensorinv : np.linalg.tensorinv(A.reshape(3, 1, 3), 2)
tensorsolve : np.linalg.tensorsolve(A.reshape(3, 1, 3), v.reshape(3, 1))
"""

FFT = """
fft ifft fft2 ifft2 fftn ifftn : np.fft.{}(A + 0.5j * B)
rfft ihfft : np.fft.{}(x)
irfft hfft : np.fft.{}(z)
rfft2 rfftn : np.fft.{}(M)
irfft2 irfftn : np.fft.{}(Z)
fftshift ifftshift : np.fft.{}(x)
fftfreq : x * np.fft.fftfreq(5)
"""

POLYNOMIAL = """
polynomial.polyval chebyshev.chebval legendre.legval hermite.hermval : np.polynomial.{}(x, v)
Polynomial : np.polynomial.Polynomial(v)(x)
"""

ROWS = {"numpy": NUMPY, "ndarray": METHODS, "numpy.linalg": LINALG, "numpy.fft": FFT,
        "numpy.polynomial": POLYNOMIAL}
