"""One line each: what changes an array `a`, a list `v`, a dict `d` or an object `o` in place."""

ARRAYS = """
a[0] = 5.0
a[1:] += 5.0
operator.setitem(a, 0, 5.0)
operator.iadd(a, 5.0)
operator.imul(a, 5.0)
a.__imul__(5.0)
a.__iadd__(5.0)
a.__setitem__(0, 5.0)
np.ndarray.__setitem__(a, 0, 5.0)
np.ndarray.__imul__(a, 5.0)
a.fill(5.0)
type(a).fill(a, 5.0)
getattr(a, "fill")(5.0)
operator.methodcaller("fill", 5.0)(a)
functools.partial(a.fill, 5.0)()
functools.partial(np.copyto, a)(5.0)
(lambda: a.fill(5.0))()
[z.fill(5.0) for z in [a]]
list(map(lambda z: z.fill(5.0), [a]))
a.sort()
a[::-1].sort()
a.partition(1)
a.put(0, 5.0)
np.put(a, 0, 5.0)
np.place(a, a > 0, [5.0])
np.putmask(a, a > 0, 5.0)
np.copyto(a, 5.0)
np.fill_diagonal(a[None][:, :1], 5.0)
np.nan_to_num(a, copy=False)
np.random.default_rng(1).shuffle(a)
random.Random(3).shuffle(a)
memoryview(a)[0] = 5.0
a.data[0] = 5.0
np.frombuffer(a)[0] = 5.0
np.frombuffer(a).fill(5.0)
np.ndarray((2,), buffer=a)[0] = 5.0
np.asarray(memoryview(a))[0] = 5.0
np.from_dlpack(a)[0] = 5.0
np.lib.stride_tricks.as_strided(a, (2,), (8,))[0] = 5.0
np.lib.stride_tricks.sliding_window_view(a, 2, writeable=True)[0, 0] = 5.0
np.add(a, 5.0, a)
np.multiply(a, 0.0, out=a)
np.add.at(a, 0, 5.0)
np.negative(a, a)
np.cumsum(a, out=a)
a.cumsum(out=a)
a.clip(0, 1.47, out=a)
np.clip(a, 0, 1.47, a)
np.round(a, 1, a)
a.round(out=a)
np.maximum.accumulate(a, out=a)
np.dot(np.eye(3), a * 2, out=a)
np.take(a, [2, 1, 0], out=a, mode="clip")
a.real = 5.0
a.real[0] = 5.0
a.T[0] = 5.0
a.flat = 5.0
a.flat[0] = 5.0
a.shape = (3, 1)
a.reshape(-1)[0] = 5.0
a.ravel()[0] = 5.0
np.ravel(a)[0] = 5.0
a.view()[0] = 5.0
a.view(np.int64)[0] = 5
np.asarray(a)[0] = 5.0
np.atleast_1d(a)[0] = 5.0
np.squeeze(a)[0] = 5.0
np.flip(a)[0] = 5.0
np.array(a, copy=None)[0] = 5.0
a.astype(float, copy=False)[0] = 5.0
np.split(a, 3)[0][0] = 5.0
np.nditer(a, op_flags=["readwrite"]).__next__()[...] = 5.0
a.setfield(5.0, float)
a.byteswap(True)
np.vectorize(lambda k: a.__setitem__(k, 5.0), otypes=[object])([0])
exec("a[0] = 5.0")
np.einsum("i->i", a)[0] = 5.0
np.ma.asarray(a)[0] = 5.0
np.asmatrix(a)[0, 0] = 5.0
copy.copy(a)[0] = 5.0
a[...] = a[::-1]
a[[0, 0]] = [5.0, 1.0]
a[[0, 0]] += 5.0
a[a > 1.0] *= 5.0
a[-1], a[0] = a[0], a[-1]
a[:2], a[1:] = a[1:], a[:2]
a[0] = a[1] = 5.0
for a[0] in (1.0, 5.0): pass
a[0], *a[1:] = 5.0, a[1], a[2]
a[(*[0],)] = 5.0
a[:, None][1, 0] = 5.0
a[None, ...][0, :2] -= 5.0
(a if True else None)[0] = 5.0
[a][0][0] = 5.0
{"a": a}["a"][0] = 5.0
(a,)[0][0] = 5.0
"""

LISTS = """
v.append(5.0)
v[0] = 5.0
v[-1] *= 5.0
v[:] = [5.0, 1.0, 2.0]
v[1:1] = (5.0, 5.0)
v[::2] = [5.0, v[0]]
v.sort()
v.sort(reverse=True)
v.sort(key=lambda t: -t)
v.reverse()
v.clear(); v.extend([1.0, 2.0, 5.0])
v.remove(2.0)
v.insert(0, 5.0)
v.insert(-1, 5.0)
v.insert(99, v[0])
v.__setitem__(0, 5.0)
list.__setitem__(v, 0, 5.0)
list.append(v, 5.0)
operator.setitem(v, 0, 5.0)
operator.delitem(v, 0)
operator.iadd(v, [5.0])
operator.iconcat(v, [5.0])
v.__iadd__([5.0])
v.__imul__(2)
v *= 2
v += (5.0,)
v += v
v.extend(v)
v.append(v.pop(0))
v.pop()
v.pop(0)
v.pop(-2)
heapq.heapify(v)
heapq.heappush(v, 0.1)
heapq.heappop(v)
heapq.heapreplace(v, 0.1)
heapq.heappushpop(v, 5.0)
bisect.insort(v, 0.1)
random.Random(3).shuffle(v)
np.random.default_rng(3).shuffle(v)
list(map(v.append, [5.0]))
[v.append(t) for t in (5.0,)]
functools.partial(v.append, 5.0)()
functools.reduce(lambda s, t: s.append(t) or s, [5.0], v)
(lambda: v.append(5.0))()
v.extend(t for t in (5.0,))
v.extend(map(abs, (5.0,)))
exec("v[0] = 5.0")
any(v.append(5.0) for _ in range(1))
sorted([1], key=lambda t: v.append(5.0) or t)
max([1, 2], key=lambda t: v.append(5.0) or t)
collections.deque(map(v.append, [5.0]))
{k: v.append(5.0) for k in range(1)}
f"{v.append(5.0)}"
print(v.append(5.0), end="", file=io.StringIO())
copy.copy(v).append(5.0)
(v if True else [])[0] = 5.0
[v][0][0] = 5.0
{"v": v}["v"][0] = 5.0
(v,)[0][0] = 5.0
dict(v=v)["v"].append(5.0)
next(iter([v]))[0] = 5.0
[v][-1].pop()
v[0], v[1] = v[1], v[0]
v[0] = v[1] = 5.0
v[0], *v[1:] = 5.0, v[1]
for v[0] in (1.0, 5.0): pass
v[0 if v[0] > 0 else 1] += 5.0
del v[0]
del v[:2]
del v[0], v[-1]
v.__delitem__(0)
v[v.index(2.0)] = 5.0
[v.pop() for _ in range(2)]
while len(v) > 1: v.append(v.pop() * v.pop())
for t in list(v): v.append(t * 5.0)
for k, t in enumerate(v): v[k] = t * 5.0
for t in v[::-1]: v.insert(0, t); v.pop()
"""

DICTS = """
d["a"] = 5.0
d["z"] = 5.0
d["a"] *= 5.0
d.update(a=5.0)
d.update([("a", 5.0)])
d.update(zip("ab", (5.0, 1.0)))
d.update({"a": d["b"]}, c=5.0)
dict.update(d, a=5.0)
d |= {"a": 5.0}
operator.ior(d, {"a": 5.0})
d.__setitem__("a", 5.0)
dict.__setitem__(d, "a", 5.0)
operator.setitem(d, "a", 5.0)
d.setdefault("z", 5.0)
d.setdefault("a", 5.0)
d.pop("a")
d.pop("z", 5.0)
d.popitem()
del d["a"]
d.__delitem__("a")
d.clear(); d["q"] = 5.0
d["a"], d["b"] = d["b"], d["a"]
d["z"] = d.pop("a") * 5.0
collections.ChainMap(d)["a"] = 5.0
collections.ChainMap({}, d).maps[1]["a"] = 5.0
[d.update(a=k) for k in (5.0,)]
for d["a"] in (1.0, 5.0): pass
for k in d: d[k] = d[k] * 5.0
for k, t in d.items(): d[k] = t * 5.0
for k in list(d): d[k + "2"] = d.pop(k)
d.update({k: t * 5.0 for k, t in d.items()})
vars(Pair(d))["v"]["a"] = 5.0
Pair(d).v["a"] = 5.0
exec("d['a'] = 5.0")
"""

OBJECTS = """
o.v = 5.0
o.v += 5.0
o.v, o.w = o.w, o.v
setattr(o, "v", 5.0)
o.__setattr__("v", 5.0)
object.__setattr__(o, "v", 5.0)
o.__dict__["v"] = 5.0
vars(o)["v"] = 5.0
o.__dict__.update(v=5.0)
vars(o).update({"v": 5.0})
o.__dict__ = {"v": 5.0, "w": 1.0}
Pair.__init__(o, 5.0)
o.__init__(5.0)
o.grow(5.0)
Pair.grow(o, 5.0)
getattr(o, "grow")(5.0)
operator.setitem(vars(o), "v", 5.0)
operator.methodcaller("grow", 5.0)(o)
exec("o.v = 5.0")
[setattr(o, "v", k) for k in (5.0,)]
[o.grow(k) for k in (1.0, 5.0)]
for o.v in (1.0, 5.0): pass
p = o; p.v = 5.0
[o][0].v = 5.0
(lambda q: setattr(q, "v", 5.0))(o)
functools.partial(setattr, o, "v")(5.0)
functools.partial(o.grow, 5.0)()
functools.reduce(lambda q, k: q.grow(k) or q, [5.0], o)
list(map(o.grow, [5.0]))
list(map(lambda q: q.__init__(5.0), [o]))
o.v = o.w = 5.0
del o.v; o.v = 5.0
copy.copy(o).v = 5.0
copy.deepcopy(o).grow(5.0)
o.double = 5.0
o.double += 5.0
"""
