"""Expressions and statements of NumPy for random compositions.

`x` and `y` are arrays, `axis` an axis, `i` and `j` indices, `e` what may be written to `x[i]` or
`x`, `s` a number, `at` a list of places.
"""

__all__ = ["ELEMENTWISE", "INDICES", "OTHERS", "REDUCTIONS", "VIEWS", "WRITES"]

#: Of the argument's shape.
ELEMENTWISE = (
    "np.sin({x})", "np.exp(0.3*{x})", "np.tanh({x})", "{x}**2", "{x}*{x}", "np.sqrt(1+{x}**2)",
    "np.abs({x})", "-{x}", "1/(2+{x}**2)", "np.log1p({x}**2)", "np.arctan({x})", "np.square({x})",
    "np.maximum({x},0.1)", "np.minimum({x},0.5)", "np.clip({x},-0.6,0.9)",
    "np.where({x}>0.1,{x},0.5*{x})", "np.hypot({x},1.0)", "np.sign({x})*{x}", "np.expm1({x})",
    "np.cbrt(2+{x}**2)", "np.sinc({x})", "np.heaviside({x},0.5)*{x}", "np.nan_to_num({x})",
    "np.round({x})", "np.fmax({x},0.2)", "np.copysign({x},{x}**2+1)", "np.logaddexp({x},0.3)",
    "np.float_power({x}**2+1,0.7)", "np.reciprocal(2+{x}**2)", "np.degrees({x})/50", "np.i0({x})",
    "np.positive({x})", "np.conj({x})", "np.true_divide({x},3)", "np.power({x},3)",
    "np.floor({x})*{x}", "np.mod({x},0.7)", "np.fmod({x},0.7)", "np.trunc({x})+{x}",
    "np.modf({x})[0]", "np.divmod({x},0.9)[1]", "np.frexp({x}**2+0.3)[0]", "np.ldexp({x},2)",
    "np.exp2({x})",
)

#: Views, and copies that look like them.
VIEWS = (
    "{x}.T", "{x}.reshape(-1)", "{x}.ravel()", "np.ravel({x},order='F')", "{x}[::-1]",
    "{x}[...,None]", "np.squeeze({x})", "np.atleast_2d({x})", "np.atleast_1d({x})",
    "np.swapaxes({x},0,-1)", "np.moveaxis({x},0,-1)", "np.expand_dims({x},0)",
    "np.broadcast_to({x},(2,)+{x}.shape)", "np.diagonal({x})", "np.asarray({x})", "{x}.view()",
    "{x}.real", "np.real({x})", "np.split({x},[1])[-1]", "np.array_split({x},2)[0]",
    "np.rollaxis({x},{x}.ndim-1)", "np.transpose({x})", "np.flip({x})", "np.fliplr({x})",
    "np.flipud({x})", "np.rot90({x})", "{x}[1:]", "{x}[:-1]", "{x}[...,0]", "{x}[0]", "{x}[-1]",
    "{x}[None]", "np.ascontiguousarray({x})", "np.asfortranarray({x})", "np.asanyarray({x})",
    "{x}.astype(float,copy=False)", "{x}.astype(float)", "np.require({x},requirements=['C'])",
    "np.lib.stride_tricks.sliding_window_view({x}.ravel(),2)", "{x}.squeeze()",
    "{x}.swapaxes(0,-1)", "{x}.diagonal()", "np.array({x})", "np.array({x},copy=None)",
    "np.copy({x})", "{x}.copy()", "{x}.flatten()", "np.real_if_close({x})", "{x}[...,::2]",
    "np.hsplit({x},[1])[0]", "np.vsplit({x},[1])[-1]", "{x}.transpose()",
    "{x}.reshape({x}.shape[::-1])", "np.reshape({x},-1)", "np.asarray({x},dtype=float)",
    "np.diag({x})", "np.matrix_transpose({x})", "{x}.mT", "np.atleast_3d({x})",
    "np.unstack({x})[0]", "np.broadcast_arrays({x},{x}[:1])[1]",
)

#: Along an axis.
REDUCTIONS = (
    "np.sum({x},axis={axis})", "np.mean({x},axis={axis},keepdims=True)",
    "np.max({x},axis={axis})", "{x}.min(axis={axis})", "np.prod(1+0.1*{x},axis={axis})",
    "np.std({x},axis={axis})", "{x}.var(axis={axis},ddof=0)", "np.cumsum({x},axis={axis})",
    "np.cumprod(1+0.1*{x},axis={axis})", "np.sort({x},axis={axis})", "np.median({x},axis={axis})",
    "np.linalg.norm({x},axis={axis})", "np.diff({x},axis={axis})", "np.gradient({x},axis={axis})",
    "np.roll({x},1,axis={axis})", "np.flip({x},axis={axis})", "np.average({x},axis={axis})",
    "np.ptp({x},axis={axis})", "np.logaddexp.reduce({x},axis={axis})",
    "np.add.accumulate({x},axis={axis})", "np.maximum.accumulate({x},axis={axis})",
    "np.multiply.reduce(1+0.1*{x},axis={axis})", "np.nansum({x},axis={axis})",
    "np.percentile({x},30,axis={axis})", "np.quantile({x},0.6,axis={axis},keepdims=True)",
    "np.trapezoid({x},axis={axis})", "np.repeat({x},2,axis={axis})",
    "np.concatenate([{x},{x}[::-1]],axis={axis})", "np.stack([{x},2*{x}],axis={axis})",
    "np.take({x},[0,-1,0],axis={axis})", "np.delete({x},0,axis={axis})",
    "np.insert({x},0,0.5,axis={axis})", "np.append({x},{x},axis={axis})",
    "np.take_along_axis({x},np.argsort({x},axis={axis}),axis={axis})",
    "np.fft.fft({x},axis={axis}).real", "np.apply_along_axis(np.sum,{axis},{x})",
    "np.add.reduceat({x},[0,1],axis={axis})", "np.partition({x},1,axis={axis})",
    "np.nanmean({x},axis={axis})", "np.cumulative_sum({x},axis={axis})",
    "np.unwrap(4*{x},axis={axis})", "np.linalg.vector_norm({x},axis={axis})",
)

#: Of one or two arrays.
OTHERS = (
    "np.dot({x},{y})", "{x}@{y}", "np.outer({x},{y})", "np.einsum('...i,...i->...',{x},{y})",
    "np.inner({x},{y})", "np.tensordot({x},{y},axes=0)", "np.kron({x},{y})",
    "np.convolve({x}.ravel(),{y}.ravel())", "np.vdot({x},{y})", "np.hstack([{x},{y}])",
    "np.vstack([{x},{y}])", "np.concatenate([{x}.ravel(),{y}.ravel()])", "np.maximum({x},{y})",
    "np.arctan2({x},{y}+3)", "np.hypot({x},{y})", "np.where({x}>{y},{x},{y})", "{x}+{y}",
    "{x}-{y}", "{x}*{y}", "{x}/(2+{y}**2)", "np.logaddexp({x},{y})", "np.cross({x},{y})",
    "np.interp({x},np.arange(5.0)-2,np.array([0.1,0.4,-0.2,0.3,0.6]))", "np.tril({x})",
    "np.triu({x},1)", "np.pad({x},1)", "np.pad({x},1,mode='edge')", "np.tile({x},2)",
    "np.trace({x})", "np.linalg.solve({x}@{x}.T+3*np.eye(len({x})),{x})",
    "np.linalg.inv({x}@{x}.T+3*np.eye(len({x})))", "np.linalg.det({x}@{x}.T+np.eye(len({x})))",
    "np.meshgrid({x}.ravel(),{y}.ravel())[0]", "np.column_stack([{x},{y}])",
    "np.dstack([{x},{y}])", "np.block([[{x},{y}]])", "np.add.outer({x},{y})",
    "np.multiply.outer({x},{y})", "np.fmin({x},{y})", "np.minimum({x},{y})", "{x}.dot({y})",
    "np.matmul({x},{y})", "np.corrcoef({x})", "np.cov({x})", "np.vander({x}.ravel()[:3],3)",
    "np.polyval({x}.ravel()[:3],{y})", "np.digitize({x}.ravel(),[0.0])*{x}.ravel()",
    "np.histogram({x})[0]*1.0", "{x}[{x}>0.0]", "{x}[np.argmax({x},axis=0)]",
    "np.compress([True,False,True],{x},axis=0)", "np.extract({x}>0,{x})",
    "np.choose(({x}>0).astype(int),[{x},{y}])", "np.select([{x}>0.3,{x}<-0.3],[{x},{x}*{y}],0.1)",
    "np.piecewise({x},[{x}<0,{x}>=0],[lambda t:t*2,lambda t:t**2])", "np.resize({x},(2,2))",
    "np.unique({x})", "np.searchsorted(np.sort({x}.ravel()),0.1)*{x}", "{x}[[0,-1,0]]",
    "{x}[np.array([1,0])]", "{x}[np.ix_([0,1],[1,0])]", "np.linalg.norm({x})",
    "np.linalg.norm({x}-{y})", "np.linalg.eigvalsh({x}@{x}.T)",
    "np.linalg.svd({x},compute_uv=False)", "np.linalg.pinv({x})",
    "np.vectorize(lambda t:t*t+1)({x})", "np.vectorize(math.sin)({x})", "np.sum({x}*{y})",
    "sum({x}.ravel().tolist())*{y}", "np.array([[{x}.sum(),1.0],[2.0,{y}.sum()]])",
    "np.full({x}.shape,{y}.mean())", "np.full_like({x},{y}.sum())", "float({x}.sum())*{y}",
    "{x}.item(0)*{y}", "np.array([v*2 for v in {x}.ravel()])",
    "np.fromiter((v*v for v in {x}.ravel()),float)", "np.sum([v for v in {x}],axis=0)",
    "np.array(list(map(lambda v:v+1,{x})))", "max({x}.ravel())*{y}",
    "np.ma.masked_less({x},0).filled(0.2)", "np.linalg.multi_dot([{x},{x}.T,{x}])",
    "np.matvec({x},{y})", "np.vecdot({x},{x})",
)

#: Between brackets.
INDICES = (
    "...", "0", "-1", "1", ":1", "1:", "::2", "::-1", "(...,0)", "(slice(None),0)",
    "(...,slice(1,None))", "[0,-1]", "np.array([0,1])", "{x}>0.1", "(Ellipsis,None)",
    "np.ix_([0,1],[0])", "([0,1],[1,0])", "(0,[1,0])", "(None,0)", "([[0],[1]],[0,1])",
    "({x}[...,0]>0 if {x}.ndim>1 else {x}>0)",
)

#: Statements that write an array in place.
WRITES = (
    "{x}[{i}] = {e}", "{x}[{i}] += {e}", "{x}[{i}] *= {e}", "{x}[{i}] -= 0.3*{e}", "{x} += {e}",
    "{x} *= {e}", "{x} -= {e}", "{x} /= 2.5", "{x} **= 2", "np.multiply({x},{e},out={x})",
    "np.add({x},{e},out={x})", "np.sin({x},out={x})", "np.tanh({x},{x})", "np.copyto({x},{e})",
    "np.copyto({x},{e},where={x}>0)", "np.add.at({x},{at}, {s})", "np.subtract.at({x},{at}, {s})",
    "np.multiply.at({x},{at}, {s})", "{x}.sort()", "{x}.sort(axis=0)", "{x}.fill({s})",
    "np.put({x},[0,2],[{s},0.3])", "np.place({x},{x}>0.2,[{s},{s}*2])",
    "np.putmask({x},{x}>0.1,{e})", "np.fill_diagonal({x},{s})", "np.clip({x},-0.5,0.5,out={x})",
    "np.cumsum({x},axis=0,out={x})",
    "np.put_along_axis({x},np.argmax({x},axis=0,keepdims=True),{s},axis=0)", "{x}.flat[1] = {s}",
    "{x}.flat[::2] = {s}", "{x}.flat = {e}", "{x}.T[0] = {s}", "{x}.real[...] = {e}",
    "{x}[{i}], {x}[{j}] = {x}[{j}].copy(), {x}[{i}].copy()", "{x}[1:] = {x}[:-1]",
    "{x}[:-1] += {x}[1:]", "{x}.partition(1)", "np.nan_to_num({x},copy=False)",
    "np.exp({x},out={x},where={x}<0.2)", "{x}[{i}] = {x}[{j}]", "{x}.reshape(-1)[1] = {s}",
    "{x}.ravel()[0] *= {s}", "np.matmul({x},{x},out={x})", "np.maximum({x},{e},out={x})",
    "np.negative({x},{x})", "np.minimum.at({x},{at}, {s})",
    "np.add.accumulate({x},axis=0,out={x})", "{x}[{i}] **= 2", "{x}[{i}] /= 1.7",
    "np.random.default_rng(0).shuffle({x})", "np.dot({x},{y},out={x})",
)
