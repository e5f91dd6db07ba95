"""SciPy's functions, its distributions left aside."""

__all__ = ["ROWS"]

FFT = """
fft ifft fft2 ifft2 fftn ifftn : scipy.fft.{}(A + 0.5j * B)
rfft ihfft : scipy.fft.{}(x)
irfft hfft : scipy.fft.{}(z)
rfft2 rfftn : scipy.fft.{}(M)
irfft2 irfftn : scipy.fft.{}(Z)
fftshift ifftshift dct idct dst idst : scipy.fft.{}(x)
dctn idctn : scipy.fft.{}(M)
fftfreq : x * scipy.fft.fftfreq(5)
"""

SPECIAL = """
expit erf gammaln gamma loggamma digamma psi rgamma : scipy.special.{}(x)
erfc log_expit ndtr log_ndtr : scipy.special.{}(x)
logsumexp softmax log_softmax : scipy.special.{}(M, axis=1)
logit ndtri erfinv erfcx dawsn erfi j0 j1 i0 i0e i1 i1e : scipy.special.{}(x)
expm1 exprel exp2 exp10 : scipy.special.{}(x)
cosm1 sinc sindg cosdg tandg y0 y1 k0 k0e k1 k1e : scipy.special.{}(x)
cbrt entr log1p exp1 expi spence : scipy.special.{}(x)
erfcinv ellipk ellipe ellipkm1 sici shichi fresnel airy kolmogorov : scipy.special.{}(x)
lambertw : scipy.special.lambertw(x).real
xlogy xlog1py beta betaln rel_entr kl_div : scipy.special.{}(x, y)
huber pseudo_huber boxcox boxcox1p : scipy.special.{}(x, y)
inv_boxcox poch powm1 agm owens_t binom ellipkinc ellipeinc : scipy.special.{}(x, y)
polygamma : scipy.special.polygamma(2, x)
multigammaln : scipy.special.multigammaln(2.0 + x, 2)
comb : scipy.special.comb(x + 3.0, y)
gammainc gammaincc gammaincinv gammainccinv : scipy.special.{}(1.7, x)
betainc betaincinv : scipy.special.{}(1.7, 2.3, x)
zeta : scipy.special.zeta(2.5, x)
jv yv iv ive kv kve : scipy.special.{}(1.5, x)
jn yn kn : scipy.special.{}(2, x)
hyp2f1 : scipy.special.hyp2f1(0.5, 1.5, 2.5, x)
hyp1f1 : scipy.special.hyp1f1(0.5, 1.5, x)
hyp0f1 : scipy.special.hyp0f1(1.5, x)
ellipj : scipy.special.ellipj(x, 0.4)
legendre : scipy.special.legendre(3)(x)
eval_legendre eval_chebyt eval_hermite eval_laguerre : scipy.special.{}(3, x)
eval_gegenbauer : scipy.special.eval_gegenbauer(3, 0.7, x)
eval_jacobi : scipy.special.eval_jacobi(3, 0.7, 1.2, x)
spherical_jn spherical_yn : scipy.special.{}(2, x)
chdtr chdtrc stdtr : scipy.special.{}(3.0, x)
gdtr : scipy.special.gdtr(1.2, 2.0, x)
fdtr : scipy.special.fdtr(3.0, 5.0, x)
bdtr : scipy.special.bdtr(2.0, 5, x)
pdtr : scipy.special.pdtr(2.0, x)
round : x * scipy.special.round(3.0 * x)
factorial : scipy.special.factorial(x + 2.0)
mathieu_a : scipy.special.mathieu_a(2, x)
struve modstruve : scipy.special.{}(1.5, x)
wright_bessel : scipy.special.wright_bessel(1.0, 1.5, x)
voigt_profile : scipy.special.voigt_profile(x, 0.8, 0.6)
wofz : scipy.special.wofz(z)
"""

LINALG = """
inv det expm pinv svdvals sinm cosm tanhm norm : scipy.linalg.{}(A)
solve : scipy.linalg.solve(A, v)
cholesky sqrtm logm : scipy.linalg.{}((S + S.T) / 2.0)
solve_triangular : scipy.linalg.solve_triangular(A, v, lower=True)
cho_solve : scipy.linalg.cho_solve(scipy.linalg.cho_factor((S + S.T) / 2.0), v)
eigh : scipy.linalg.eigh((S + S.T) / 2.0)[0] * (scipy.linalg.eigh((S + S.T) / 2.0)[1] ** 2)
eigvalsh : scipy.linalg.eigvalsh((S + S.T) / 2.0)
svd : scipy.linalg.svd(A)[1] * scipy.linalg.svd(A)[2] ** 2
qr : scipy.linalg.qr(A)[1]
lu_solve : scipy.linalg.lu_solve(scipy.linalg.lu_factor(A), v)
lu : scipy.linalg.lu(A)[1:]
lstsq : scipy.linalg.lstsq(N, x)[0]
block_diag : scipy.linalg.block_diag(A, M)
toeplitz hankel : scipy.linalg.{}(A[0], B[0])
khatri_rao : scipy.linalg.khatri_rao(A, M)
circulant companion : scipy.linalg.{}(v)
eigvals : np.sum(scipy.linalg.eigvals(A) ** 2).real
eig : scipy.linalg.eig((S + S.T) / 2.0)[0].real
expm_frechet : scipy.linalg.expm_frechet(A, B)[1]
solve_sylvester : scipy.linalg.solve_sylvester(A, S, M.T @ M)
solve_continuous_lyapunov solve_discrete_lyapunov : scipy.linalg.{}(A / 9.0, S)
solve_banded : scipy.linalg.solve_banded((1, 1), A, v)
solveh_banded : scipy.linalg.solveh_banded(np.stack([[0.0, 0.3, 0.2] * v, 3.0 + v * v]), w)
polar : scipy.linalg.polar(A)
fractional_matrix_power : scipy.linalg.fractional_matrix_power((S + S.T) / 2.0, 0.4)
hilbert : A * scipy.linalg.hilbert(3)
eigh_tridiagonal : scipy.linalg.eigh_tridiagonal(v, w[:2])[0]
solve_toeplitz : scipy.linalg.solve_toeplitz(A[0] + np.array([4.0, 0.0, 0.0]), v)
matmul_toeplitz : scipy.linalg.matmul_toeplitz(A[0], B)
bandwidth : s * scipy.linalg.bandwidth(A)[0]
"""

SIGNAL = """
convolve fftconvolve correlate oaconvolve : scipy.signal.{}(x, v, mode="same")
convolve2d correlate2d : scipy.signal.{}(image, A, mode="same")
lfilter : scipy.signal.lfilter(v, np.concatenate(([1.5], x[:2])), long)
hilbert : scipy.signal.hilbert(x)
detrend : scipy.signal.detrend(x)
filtfilt : scipy.signal.filtfilt([0.2, 0.3], [1.0, -0.4], long)
sosfilt : scipy.signal.sosfilt([[0.2, 0.3, 0.1, 1.0, -0.4, 0.1]], long)
savgol_filter : scipy.signal.savgol_filter(long, 5, 2)
resample : scipy.signal.resample(long, 10)
resample_poly : scipy.signal.resample_poly(long, 3, 2)
decimate : scipy.signal.decimate(long, 2, n=3)
upfirdn : scipy.signal.upfirdn(v, x, 2, 1)
welch : scipy.signal.welch(long, nperseg=12)[1]
periodogram : scipy.signal.periodogram(long)[1]
stft spectrogram : scipy.signal.{}(long, nperseg=12)[2]
medfilt : scipy.signal.medfilt(x, 3)
wiener : scipy.signal.wiener(long, 5)
freqz : scipy.signal.freqz(v, [1.0, 0.3], worN=5)[1]
deconvolve : scipy.signal.deconvolve(x, v + 2.0)[0]
windows.gaussian : scipy.signal.windows.gaussian(7, t)
gausspulse : scipy.signal.gausspulse(x, fc=3)
chirp : scipy.signal.chirp(x, 1.0, 1.0, 4.0)
sawtooth : scipy.signal.sawtooth(x)
square : x * scipy.signal.square(x)
"""

NDIMAGE = """
convolve correlate : scipy.ndimage.{}(image, A)
gaussian_filter uniform_filter : scipy.ndimage.{}(image, 3)
convolve1d : scipy.ndimage.convolve1d(image, v)
sobel laplace : scipy.ndimage.{}(image)
shift : scipy.ndimage.shift(image, 0.4)
map_coordinates : scipy.ndimage.map_coordinates(image, [x + 1.0, y + 2.0], order=1)
zoom : scipy.ndimage.zoom(image, 2)
maximum_filter : scipy.ndimage.maximum_filter(image, 3)
mean : scipy.ndimage.mean(image)
gaussian_filter1d gaussian_laplace gaussian_gradient_magnitude : scipy.ndimage.{}(image, t)
grey_dilation grey_erosion grey_opening grey_closing : scipy.ndimage.{}(image, size=3)
white_tophat black_tophat morphological_gradient : scipy.ndimage.{}(image, size=3)
"""

DISTANCE = """
cdist : scipy.spatial.distance.cdist(M, A)
pdist : scipy.spatial.distance.pdist(A)
euclidean cosine sqeuclidean cityblock minkowski correlation : scipy.spatial.distance.{}(x, y)
chebyshev canberra braycurtis jensenshannon : scipy.spatial.distance.{}(x, y)
squareform : scipy.spatial.distance.squareform(v)
mahalanobis : scipy.spatial.distance.mahalanobis(v, w, S)
"""

INTEGRATE = """
odeint : scipy.integrate.odeint(lambda u, k: -s * u, v, [0.0, 0.5], rtol=1e-10, atol=1e-10)
solve_ivp : scipy.integrate.solve_ivp(lambda k, u: -s * u, (0.0, 1.0), v, rtol=1e-9).y[:, -1]
quad : scipy.integrate.quad(lambda u: np.sin(s * u), 0.0, t)[0]
fixed_quad : scipy.integrate.fixed_quad(lambda u: np.sin(s * u), 0.0, t)[0]
simpson trapezoid cumulative_trapezoid cumulative_simpson : scipy.integrate.{}(x, dx=0.3)
romb : scipy.integrate.romb(x)
dblquad : scipy.integrate.dblquad(lambda y, x: s * x * y, 0.0, t, 0.0, lambda x: x * s)[0]
tplquad : scipy.integrate.tplquad(lambda z, y, x: s * x * y * z, 0, t, 0, lambda x: x, 0, 1)[0]
nquad : scipy.integrate.nquad(lambda x, y: np.sin(s * x * y), [[0.0, t], [0.0, s]])[0]
quad_vec : scipy.integrate.quad_vec(lambda u: np.exp(-x * u), 0.0, t)[0]
"""

INTERPOLATE = """
interp1d : scipy.interpolate.interp1d(np.arange(5.0), x, kind="cubic")(y + 1.0)
CubicSpline PchipInterpolator Akima1DInterpolator : scipy.interpolate.{}(np.arange(5.0), x)(y + 1.0)
BSpline : scipy.interpolate.BSpline([0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0], x, 2)(y + 1.0)
make_interp_spline : scipy.interpolate.make_interp_spline(np.arange(5.0), x)(y + 1.0)
RegularGridInterpolator : scipy.interpolate.{}((np.arange(3.0), np.arange(3.0)), A)((s, t))
splrep : scipy.interpolate.splev(v, scipy.interpolate.splrep(np.arange(24.0), long, s=0.0))
splev : scipy.interpolate.splev(y + 1.0, scipy.interpolate.splrep(range(5), [1, 5, -3, 2, 4]))
UnivariateSpline : scipy.interpolate.UnivariateSpline(np.arange(5.0), x, s=0)(y + 1.0)
RBFInterpolator : scipy.interpolate.RBFInterpolator(N[:, :2], x)(M[:, :2])
"""

OPTIMIZE = """
brentq : scipy.optimize.brentq(lambda u: u * u - t, 0.0, 3.0, xtol=1e-13)
fsolve : scipy.optimize.fsolve(lambda u: u * u - t, 1.0, xtol=1e-13)
root_scalar : scipy.optimize.root_scalar(lambda u: u * u - t, bracket=(0.0, 3.0), xtol=1e-13).root
newton : scipy.optimize.newton(lambda u: u * u - t, 1.0, tol=1e-13)
rosen : scipy.optimize.rosen(x)
fmin : scipy.optimize.fmin(lambda u: np.sum((u - v) ** 2), w, xtol=1e-9, ftol=1e-14, disp=0)
fmin_bfgs fmin_cg : scipy.optimize.{}(lambda u: np.sum((u - v)**2), w, lambda u: 2*(u - v), disp=0)
brent golden : scipy.optimize.{}(lambda u: (u - s) ** 2, tol=1e-9)
fixed_point : scipy.optimize.fixed_point(lambda u: np.cos(s * u), 0.5, xtol=1e-13)
"""

SPARSE = """
csr_matrix coo_matrix csc_matrix : scipy.sparse.{}((x, ([0, 1, 2, 0, 1], [0, 1, 2, 2, 0]))) @ v
diags : scipy.sparse.diags(v) @ w
hstack vstack : scipy.sparse.{}([scipy.sparse.csr_array(A), scipy.sparse.csr_array(B)]).toarray()
linalg.eigsh : scipy.sparse.linalg.eigsh((S + S.T) / 2.0, 1, v0=np.ones(3))[0]
linalg.eigs : scipy.sparse.linalg.eigs((S + S.T) / 2.0, 1, v0=np.ones(3))[0].real
linalg.svds : scipy.sparse.linalg.svds(scipy.sparse.csr_array(N), 1, v0=np.ones(3))[1]
linalg.lsqr linalg.lsmr : scipy.sparse.{}(scipy.sparse.csr_array(N), x, atol=0, btol=0)[0]
linalg.inv : scipy.sparse.linalg.inv(scipy.sparse.csc_array(A)) @ v
linalg.norm : scipy.sparse.linalg.norm(scipy.sparse.csr_array(A))
linalg.expm_multiply : scipy.sparse.linalg.expm_multiply(scipy.sparse.csr_array(A / 3.0), v)
linalg.spsolve : scipy.sparse.linalg.spsolve(scipy.sparse.csc_matrix(A), v)
"""

ROWS = {"scipy.fft": FFT, "scipy.special": SPECIAL, "scipy.linalg": LINALG, "scipy.signal": SIGNAL,
        "scipy.ndimage": NDIMAGE, "scipy.spatial.distance": DISTANCE, "scipy.integrate": INTEGRATE,
        "scipy.interpolate": INTERPOLATE, "scipy.optimize": OPTIMIZE, "scipy.sparse": SPARSE}
