"""Arguments in which one container or object is found in several ways, or holds itself."""

import types

import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes


class Node:
    def __init__(self, value):
        self.value, self.next = value, None


def ring():
    first, second = Node(0.5), Node(1.5)
    first.next, second.next = second, first
    return first


def test_a_list_at_two_places_has_one_gradient_which_is_the_sum():
    def f(lists, x):
        return lists[0][0] * lists[1][1] * x

    inner = [2.0, 3.0]
    for lists_bar in (sd.vjp(f, [inner, inner], 5.0)[1](1.0)[0],
                      sd.grad(f)([inner, inner], 5.0)):
        assert lists_bar[0] is lists_bar[1]
        assert lists_bar[0] == [3.0 * 5.0, 2.0 * 5.0]


def test_a_written_list_at_two_places_has_one_gradient():
    def f(lists, x):
        lists[0][0] = x * lists[1][1]
        return lists[1][0] * lists[0][1]

    inner = [2.0, 3.0]
    lists_bar, x_bar = sd.vjp(f, [inner, inner], 5.0)[1](1.0)
    assert lists_bar == [[0.0, 2 * 5.0 * 3.0]] * 2
    assert x_bar == 9.0


def test_objects_in_a_ring_are_read():
    def f(node, x):
        return node.value * node.next.value * node.next.next.value * x

    node_bar, x_bar = sd.vjp(f, ring(), 2.0)[1](1.0)
    assert node_bar.value == pytest.approx(2 * 0.5 * 1.5 * 2.0)
    assert node_bar.next.value == pytest.approx(0.25 * 2.0)
    assert node_bar.next.next is node_bar
    assert x_bar == pytest.approx(0.25 * 1.5)


def test_objects_in_a_ring_are_written():
    def f(node, x):
        node.next.next.value = x * node.next.value
        return node.value * node.next.value

    node_bar, x_bar = sd.vjp(f, ring(), 2.0)[1](1.0)
    assert (node_bar.value, node_bar.next.value) == (0.0, 2 * 2.0 * 1.5)
    assert x_bar == pytest.approx(1.5 * 1.5)


def test_dicts_that_hold_each_other_are_read_and_written():
    def f(table, x):
        table["next"]["v"] = table["v"] * x
        return table["next"]["next"]["v"] * table["next"]["v"]

    first = {"v": 0.5}
    first["next"] = {"v": 1.5, "next": first}
    first_bar, x_bar = sd.vjp(f, first, 2.0)[1](1.0)
    assert first_bar["v"] == pytest.approx(2 * 0.5 * 2.0)
    assert first_bar["next"]["v"] == 0.0
    assert x_bar == pytest.approx(0.25)


def test_what_is_read_through_a_read_only_view_is_in_the_dict_behind_it():
    def f(x, y):
        table = {"a": x, "b": [y, x]}
        view = types.MappingProxyType(table)
        table["a"] = x * y
        total = view["a"] * view.get("b")[0]
        for key, value in view.items():
            if key == "a":
                total = total + value * value
        copied = dict(view)
        copied["a"] = 2.0
        view["b"].append(y * y)
        return total * copied["b"][2] * copied["a"] * len(view) + view.copy()["a"]

    class Holder:
        def __init__(self, x):
            self.table = {"x": x}

        @property
        def view(self):
            return types.MappingProxyType(self.table)

    def g(x):
        holder = Holder(x)
        holder.table["x"] = x * x
        return holder.view["x"] * x

    check_modes(f, (1.3, 0.7))
    check_modes(g, (1.3,))


def test_a_helper_looks_at_what_is_in_a_dict():
    def look(table):
        for value in table.values():
            if isinstance(value, str) and not value:
                raise ValueError("empty")

    def f(x):
        table = {"name": "a", "x": x}
        look(table)
        table["x"] = table["x"] * x
        look(table)
        return table["x"] * x

    sd.check_grads(f, (1.3,))
