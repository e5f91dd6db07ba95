"""Results that were computed before in the same function, where cotangents are kept by place."""

import pytest

import s2sdiff as sd


class Log:
    def __init__(self):
        self.points, self.values = [], []

    def kept(self, point, x):
        self.points.append(point)
        self.values.append(x ** 3)
        return x ** 3

    def of(self, x):
        return self.kept(x, x) * self.values[-1]


def test_a_result_that_was_put_into_a_list_as_well():
    log = Log()
    assert sd.value_and_grad(Log.kept, wrt=2)(Log(), 2.0, 2.0) == pytest.approx((8.0, 12.0))
    for _ in range(2):
        assert sd.grad(log.of)(2.0) == pytest.approx(192.0, rel=1e-12)
        value, pullback = sd.vjp(log.of, 2.0)
        assert (value, pullback(1.0), pullback(2.0)) == pytest.approx((64.0, 192.0, 384.0))
        assert sd.jvp(log.of, (2.0,), (1.0,)) == pytest.approx((64.0, 192.0))
