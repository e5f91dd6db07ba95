"""Functions that walk over lists that are written: before, meanwhile, or made longer meanwhile."""

from __future__ import annotations


def forces(c, x):
    force = [0.0] * len(c)
    for i in range(len(c) - 1):
        pull = x * (c[i + 1] - c[i])
        force[i] += pull
        force[i + 1] -= pull
    total = 0.0
    for i, f in enumerate(force):
        total += f * f * (i + 1)
    return total


def chain(c, x):
    place, speed = list(c), [0.0] * len(c)
    for _ in range(3):
        force = [0.0] * len(c)
        for i in range(len(c) - 1):
            force[i] += x * (place[i + 1] - place[i])
            force[i + 1] -= force[i]
        for i, (v, f) in enumerate(zip(speed, force)):
            speed[i] = v + 0.1 * f
            place[i] += 0.1 * speed[i]
    return sum(place) + max(speed)


def written_meanwhile(c, x):
    out = [v * x for v in c]
    total = 0.0
    for i, v in enumerate(out):
        if i + 1 < len(out):
            out[i + 1] = v * out[i + 1]
        total += v
    return total


def longer_meanwhile(c, x):
    out = [c[0] * x]
    for v in out:
        out[0] = v * c[1]
        if len(out) < len(c):
            out.append(v * c[len(out)])
    return sum(out)


def shorter_meanwhile(c, x):
    out = [v * x for v in c]
    total = 0.0
    for v in out:
        out[0] = v * x
        total += v
        out.pop()
    return total


def rows_put_anew(c, x):
    rows = [[v, x] for v in c]
    total = 0.0
    for i, row in enumerate(rows):
        rows[i - 1] = [row[0] * x, row[1]]
        total += row[0] * row[1]
    return total + rows[0][0]


def a_part_meanwhile(c, x):
    out = [v * x for v in c]
    total = 0.0
    for v in out:
        total += v
        out[2:] = [v * v]
    return total


def given_and_walked_over(c, x):
    total = 0.0
    for i, v in enumerate(c):
        total = total * x + v * c[i - 1]
    return total


def copied_and_written(c, x):
    first, second, third = list(c), c[:], c.copy()
    for i, v in enumerate(first):
        second[i] = v * second[i - 1]
        third[i] = second[i] * x + third[i]
    first[0] = third[0]
    return sum(first) + sum(third) * second[1]


def copied_of_a_copy(c, x):
    first = list(c)
    first[1] = x * first[0]
    second = list(first)
    second[0] = first[2] * second[1]
    return sum(second) + first[1] * first[0]


def one_number_repeated(c, x):
    items = [x * c[0]] * len(c)
    for i, v in enumerate(c):
        items[i] = items[i] * v
    items[0] = items[1]
    return sum(items)


def repeated_for_nobody(c, x):
    items = [x] * 0
    for v in c:
        items = [v] * 2
        items[0] = 1.0
    return items[0] * items[1]


FUNCTIONS = [forces, chain, written_meanwhile, longer_meanwhile, shorter_meanwhile, rows_put_anew,
             a_part_meanwhile, given_and_walked_over, copied_and_written, copied_of_a_copy,
             one_number_repeated, repeated_for_nobody]
