"""Objects found twice, in every operator, what registered classes make anew or have equal, and
containers in the tangents that operators give.
"""

import collections
import dataclasses
import typing

import numpy as np
import pytest

import s2sdiff as sd


@dataclasses.dataclass
class Weight:
    w: typing.Any
    next: typing.Any = None


def product(p):
    return p[0].w * p[1].w ** 2


#: Of an object that is both: w**3 and its derivatives at 3.
VALUE, SLOPE, SECOND = 27.0, 27.0, 18.0


@pytest.fixture(params=[list, tuple], ids=["list", "tuple"])
def twice(request):
    return lambda weight: request.param([weight, weight])


def test_second_derivatives_of_an_object_that_is_found_twice_count_it_once(twice):
    value, along = twice(Weight(3.0)), twice(Weight(1.0))
    assert [g.w for g in sd.hvp(product, (value,), (along,))] == [SECOND, SECOND]
    hessian = sd.hessian(product)(value)
    assert [[c.w for c in row.w] for row in hessian] == [[SECOND, SECOND]] * 2
    assert sd.sparse_hessian(product)(value).toarray().tolist() == [[SECOND]]
    sd.check_grads(product, (value,), order=2, modes="rev")


def test_first_derivatives_of_an_object_that_is_found_twice_count_it_once(twice):
    value, along = twice(Weight(3.0)), twice(Weight(1.0))
    assert sd.jvp(product, (value,), (along,)) == (VALUE, SLOPE)
    assert sd.linearize(product, value)[1](along) == SLOPE
    assert [g.w for g in sd.jacobian(product)(value)] == [SLOPE, SLOPE]


def test_a_result_that_is_found_twice_has_one_tangent_and_takes_one_cotangent():
    weight, along = Weight(3.0), Weight(1.0)
    _, dots = sd.jvp(lambda x: (x, x), (weight,), (along,))
    assert [d.w for d in dots] == [1.0, 1.0]
    _, pullback = sd.vjp(lambda x: (x, x), weight)
    assert pullback((along, along)).w == 1.0
    assert pullback((along, Weight(0.5))).w == 1.5
    assert pullback((None, along)).w == 1.0


def test_a_rule_of_the_user_may_give_the_whole_in_both_places_of_a_tuple(twice):
    @sd.differentiable_function
    def ruled(p):
        return product(p), lambda bar: sd.vjp(product, p)[1](bar)

    assert [g.w for g in sd.grad(ruled)(twice(Weight(3.0)))] == [SLOPE, SLOPE]


def test_two_tangents_for_one_object_are_refused_forwards_too():
    weight = Weight(3.0)
    with pytest.raises(sd.AliasingError, match=r"given in two places.*Instead, "):
        sd.jvp(product, ([weight, weight],), ([Weight(1.0), Weight(5.0)],))
    with pytest.raises(sd.AliasingError, match=r"given in two places.*Instead, "):
        sd.jvp(lambda a, b: a.w * b.w, (weight, weight), (Weight(1.0), Weight(5.0)))
    for tangents in [None, Weight(1.0)], [Weight(1.0), None], [Weight(1.0), Weight(1.0)]:
        assert sd.jvp(product, ([weight, weight],), (tangents,))[1] == SLOPE


def test_an_object_found_in_itself_has_derivatives_in_both_modes():
    def of(w):
        made = Weight(w)
        made.next = [made]
        return made

    def f(x):
        return x.w * x.next[0].w

    assert sd.jvp(f, (of(3.0),), (of(1.0),)) == (9.0, 6.0)
    assert sd.linearize(f, of(3.0))[1](of(1.0)) == 6.0
    assert sd.hvp(f, (of(3.0),), (of(1.0),)).w == 2.0
    assert sd.vjp(lambda x: x, of(3.0))[1](of(1.0)).w == 1.0


# ---------------------------------------------------------------------------- registered classes


class Two:
    def __init__(self, a, b):
        self.a, self.b = a, b


class Boxed(Two):
    pass


class Squared(Two):
    pass


sd.register_differentiable(Two, lambda x: ((x.a, x.b), None), lambda _, c: Two(*c))
sd.register_differentiable(Boxed, lambda x: (([x.a, x.b],), None), lambda _, c: Boxed(*c[0]))
sd.register_differentiable(Squared, lambda x: ((x.a**2, x.b), None), lambda _, c: Squared(*c))


def weighted(x):
    return np.sum(2.0 * x.a + 10.0 * x.b)


@pytest.mark.parametrize("cls", [Two, Boxed])
@pytest.mark.parametrize("number", [1.5, np.array([1.5])], ids=["float", "array"])
def test_attributes_that_are_one_number_or_array_have_tangents_of_their_own(cls, number):
    one, none = number * 0.0 + 1.0, number * 0.0
    for a, b, expected in ((one, none, 2.0), (none, one, 10.0), (one, one, 12.0)):
        value = cls(number, number)
        assert sd.jvp(weighted, (value,), (cls(a, b),))[1] == expected
        assert sd.linearize(weighted, value)[1](cls(a, b)) == expected


def test_no_leaf_is_passed_over_in_what_flatten_makes_anew():
    values = [Boxed(float(i), i + 0.5) for i in range(4)]

    def f(values):
        return sum([v.a * v.b for v in values])

    jacobian = sd.jacfwd(f)(values)
    assert [(j.a, j.b) for j in jacobian] == [(v.b, v.a) for v in values]
    sd.check_grads(f, (values,))


def test_a_child_that_is_computed_is_refused_forwards_too():
    with pytest.raises(sd.RuleError, match=r"no attribute.*Instead, let it give the attributes"):
        sd.jvp(weighted, (Squared(2.0, 1.0),), (Squared(1.0, 1.0),))


# ------------------------------------------------------------------- containers beside objects


class Recent(collections.deque):
    pass


def test_a_linear_map_takes_numbers_in_lists_in_tuples():
    _, differential = sd.linearize(lambda v: v[0][0] * v[1], ([3.0, 2.0], 5.0, ()))
    assert differential(([1.0, 7.0], 0.5, ())) == 1.0 * 5.0 + 3.0 * 0.5
    assert differential((None, 0.5, None)) == 3.0 * 0.5


@pytest.mark.parametrize("cls", [Recent, collections.deque])
def test_values_and_tangents_are_of_the_class_of_a_deque_and_as_long_as_it_may_be(cls):
    value = cls([2.0, 3.0], maxlen=4)
    gradient = sd.grad(lambda v: v[0] * v[1] ** 2)(value)
    moved = sd.move(value, along=gradient)
    for made, expected in ((gradient, [9.0, 12.0]), (moved, [11.0, 15.0]),
                           (sd.zero_tangent(value), [0.0, 0.0])):
        assert (type(made), list(made), made.maxlen) == (cls, expected, 4)


@pytest.mark.parametrize("make", [
    lambda x: collections.OrderedDict(w=x, n=3), lambda x: collections.defaultdict(list, w=x, n=3),
], ids=["OrderedDict", "defaultdict"])
def test_the_tangent_of_a_dict_is_of_its_class(make):
    for value, dot in (sd.jvp(make, (2.0,), (0.5,)),
                       (make(2.0), sd.linearize(make, 2.0)[1](0.5))):
        assert type(dot) is type(value)
        assert dict(dot) == {"w": 0.5, "n": None}


def test_a_tangent_in_a_container_is_no_array_of_the_callers():
    along = np.ones(2)
    dot = sd.jvp(lambda x: [x, (x,)], (np.zeros(2),), (along,))[1]
    dot[0][0], dot[1][0][1] = 5.0, 7.0
    np.testing.assert_array_equal(along, [1.0, 1.0])
    np.testing.assert_array_equal(dot[0], [5.0, 1.0])
    np.testing.assert_array_equal(dot[1][0], [1.0, 7.0])
