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


def longer_in_place_meanwhile(c, x):
    rows = [[c[0], x], [c[1]]]
    total = 0.0
    for v in rows[0]:
        total += v
        for i in range(2):
            if len(rows[i]) < 4:
                rows[i] += [v * x]
    return total + sum(rows[1])


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


def backwards_by_a_slice(c, x):
    values = [c[-1]]
    for a in c[-2::-1]:
        values.append(a + x * values[-1])
    return values[-1]


def beside_its_next(c, x):
    return sum([(b - a) ** 2 * x for a, b in zip(c[:-1], c[1:])])


def parts_that_overlap(c, x):
    first, second = c[:3], c[1:4:2]
    first[1] = second[0] * x
    second[-1] += first[0]
    total = 0.0
    for i in range(2):
        total += first[i + 1] * second[i]
    return total + c[-1] + first[0]


def joined(c, x):
    both = c + [x, 2.0 * x] + c[::2]
    total = 0.0
    for i in range(len(both) - 1):
        total += both[i] * both[i + 1]
    both[0] = x
    return total * both[-1]


def joined_with_nothing(c, x):
    both = [] + c + []
    both = c[:0] + both + c[9:]
    both[2] *= x
    return sum(both) * both[2]


def smoothed(c, x):
    for _ in range(2):
        inner = [x * b + 0.25 * (a + d) for a, b, d in zip(c[:-2], c[1:-1], c[2:])]
        c = [c[0]] + inner + [c[-1]]
    return sum([v * v for v in c])


def halves(c, x):
    if len(c) < 2:
        return c
    middle = len(c) // 2
    return [v * x for v in halves(c[middle:], x)] + halves(c[:middle], x)


def of_halves(c, x):
    total = 0.0
    for i, v in enumerate(halves(c, x)):
        total += i * v * v
    return total


def the_same_joined(c, x):
    twice = c + c
    twice[1] = x * twice[6]
    return sum(twice) * twice[6]


FUNCTIONS = [forces, chain, written_meanwhile, longer_meanwhile, shorter_meanwhile, rows_put_anew,
             longer_in_place_meanwhile, a_part_meanwhile, given_and_walked_over,
             copied_and_written, copied_of_a_copy, one_number_repeated,
             repeated_for_nobody, backwards_by_a_slice, beside_its_next,
             parts_that_overlap, joined, joined_with_nothing, smoothed, of_halves, the_same_joined]
