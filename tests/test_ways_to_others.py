"""The ways by which a special method may come to another object's method that writes."""

import operator

import pytest

from tests.test_writing_by_others import Gauge, Pool, Tank, hidden, length, right_or_refused, slope

TANKS: list = []


class ByProperty(Gauge):
    def __len__(self):
        return int(self.tank.drained)


class ByOperator(Gauge):
    def __len__(self):
        self.tank + 1
        return 1


class ByAnothersLength(Gauge):
    def __len__(self):
        return len(self.tank)


class ByName(Gauge):
    def __len__(self):
        pump = self.tank.pump
        pump()
        return 1


class InALoop(Gauge):
    def __len__(self):
        for tank in [self.tank]:
            tank.pump()
        return 1


class ByMap(Gauge):
    def __len__(self):
        return len(list(map(Tank.pump, [self.tank])))


class ByGetattr(Gauge):
    def __len__(self):
        getattr(self.tank, "pump")()  # noqa: B009
        return 1


class ByMethodcaller(Gauge):
    def __len__(self):
        operator.methodcaller("pump")(self.tank)
        return 1


class FromOutside(Gauge):
    def __len__(self):
        TANKS[0].pump()
        return 1


def pump(tank):
    tank.pump()


class ByAHelper(Gauge):
    def __len__(self):
        pump(self.tank)
        return 1


class Pipe:
    def __init__(self, tank):
        self.tank = tank

    def forward(self):
        self.tank.pump()


class ByTwo(Gauge):
    def __len__(self):
        Pipe(self.tank).forward()
        return 1


class OfPipe(Gauge):
    def __len__(self):
        self.tank.forward()
        return 1


class ByItsOwnMethod(Gauge):
    def __len__(self):
        return self._count()

    def _count(self):
        self.tank.pump()
        return 1


class OfAFunction(Gauge):
    def __len__(self):
        self.tank()
        return 1


class OfAnotherGauge(Gauge):
    def __len__(self):
        return len(self.tank)


@pytest.mark.parametrize("cls, made", [
    (ByProperty, None), (ByOperator, None), (ByAnothersLength, None), (ByName, None),
    (InALoop, None), (ByMap, None), (ByGetattr, None), (ByMethodcaller, None), (FromOutside, None),
    (ByAHelper, None), (ByTwo, None), (OfPipe, Pipe), (ByItsOwnMethod, None),
    (OfAFunction, lambda tank: tank.pump), (OfAnotherGauge, Gauge),
])
def test_whatever_way_leads_to_another_object_s_method(cls, made):
    def f(x):
        TANKS.clear()
        tank = (Pool if cls in (ByOperator, ByAnothersLength) else Tank)(x)
        TANKS.append(tank)
        n = length(hidden(cls, tank if made is None else made(tank)))
        TANKS.clear()
        return n * tank.level

    assert slope(f, 0.7) == pytest.approx(2.0)
    right_or_refused(f, late=True)
