"""Python's own functions, `math`, and what comes with Python."""

__all__ = ["LOGIC", "ROWS"]

BUILTINS = """
abs : abs(v)
sum : sum(values) * s
max min : {}(values)
float : float(s) * t
len : s * len(values)
range : sum([s ** k for k in range(4)])
zip : [a * b for a, b in zip(values, v)]
enumerate : [k * a * s for k, a in enumerate(values)]
list tuple : {}(values)
dict : dict(a=s, b=t)["a"] * t
isinstance : s * isinstance(values, list)
int hash : t * {}(3)
pow : pow(s, t)
sorted reversed : [a * s for a in {}(values)]
map : list(map(lambda a: a * a, values))
filter : list(filter(lambda a: a > 0.0, values))
any all : s * {}(a > 0.0 for a in values)
bool : s * bool(values)
complex : complex(s, t) * 1j
round : s * round(t, 1)
divmod : divmod(3.0 * t, s)[1]
getattr : getattr(x, "T") * s
slice : x[slice(1, 3)]
hasattr : s * hasattr(x, "T")
type : type(values)(values)
str repr : t * len({}("name"))
next : next(iter(values)) * t
iter : [a * t for a in iter(values)]
set : s * len(set([1, 2]))
callable : s * callable(len)
print : (print(end=""), s * t)[1]
id : s * (id(x) > 0)
"""

MATH = """
sin cos exp tanh fabs sqrt log tan atan sinh cosh asinh expm1 erf erfc log10 log2 log1p : math.{}(s)
gamma lgamma cbrt asin acos atanh exp2 radians degrees : math.{}(s)
acosh : math.acosh(t)
pow atan2 hypot copysign fmod remainder : math.{}(t, s)
floor ceil isnan trunc isfinite : s * math.{}(3.0 * t)
isclose : s * math.isclose(s, t)
prod fsum : math.{}(values)
dist : math.dist(values, v)
modf : math.modf(3.0 * t)[0]
ldexp : math.ldexp(s, 3)
frexp : math.frexp(3.0 * t)[0]
comb : s * math.comb(5, 2)
factorial : s * math.factorial(4)
gcd : s * math.gcd(4, 6)
"""

OPERATORS = """
+ - * / ** : x {} y
@ : A @ v
neg : -x
pos : +x
% : (3.0 * x) % y
// : x * ((3.0 * x) // y)
comparison : x * (x < y)
ternary : s if t > 1.0 else t
"""

OPERATOR = """
add sub mul truediv pow : operator.{}(x, y)
neg abs : operator.{}(v)
matmul : operator.matmul(A, v)
getitem : operator.getitem(values, 1) * s
itemgetter : operator.itemgetter(2)(values) * s
iadd : operator.iadd(x * 2.0, y)
attrgetter : operator.attrgetter("T")(M) * s
"""

TOOLS = """
functools.reduce : functools.reduce(lambda a, b: a * s + b, values)
functools.partial : functools.partial(np.multiply, s)(x)
list : [a * s for a in list(values)]
sum : sum(values, s)
copy.copy copy.deepcopy : {}(values)
"""

#: A row whose name has spaces.
LOGIC = {("operators", "~ & |"): "x * (~(x > 0.7) & (y > 0.4) | (x > 0.6))"}

ROWS = {"builtins": BUILTINS, "math": MATH, "operators": OPERATORS, "operator": OPERATOR,
        "functools/itertools": TOOLS}
