"""Expressions and statements that are kept as they are written, around active values."""

outside = 0.0


def a_list_comprehension(x):
    if x > 0:
        return sum([x * k for k in range(3)])  # here: [x
    return x * 2.0


def a_generator_expression(x):
    if x > 0:
        return sum(x * k for k in range(3))  # here: (x
    return x * 2.0


def a_dict_comprehension(x):
    if x > 0:
        table = {k: x * k for k in range(3)}  # here: {k
        return table[2]
    return x * 2.0


def a_nested_function_that_captures(x):
    if x > 0:
        def inner(y):  # here
            return y * x
        return max([2.0], key=inner) * inner(2.0)
    return x * 2.0


def a_set_comprehension(x):
    if x > 0:
        return max({x * k for k in range(3)})  # here: {x
    return x * 2.0


def a_number_read_back_from_text(x):
    if x > 0:
        return float(f"{x}") * 2.0  # here: float(
    return x * 2.0


def a_number_read_back_from_formatted_text(x):
    if x > 0:
        return float("%.17g" % x) * 2.0  # here: float(
    return x * 2.0


def a_lambda_that_captures(x):
    if x > 0:
        return [lambda y: y * x][0](2.0)  # here: lambda
    return x * 2.0


def a_default_that_captures(x):
    if x > 0:
        def inner(y, by=x):  # here
            return y * by
        return inner(2.0)
    return x * 2.0


def a_write_inside_a_nested_function(x):
    def inner(y):
        items = []
        if y > 0:

            items.append(y)  # here
            return items[0] * 2.0
        return y * 2.0
    return inner(x)


def a_global_that_is_written(x):
    global outside
    if x > 0:
        outside = x  # here
        return outside * 2.0
    return x * 2.0


def a_nonlocal_that_is_written(x):
    y = 0.0
    if x > 0:
        def put():
            nonlocal y
            y = x
        [put][0]()  # here
        return y
    return x * 2.0


SYNTAX = [a_list_comprehension, a_generator_expression, a_dict_comprehension,
    a_nested_function_that_captures, a_set_comprehension, a_number_read_back_from_text,
    a_number_read_back_from_formatted_text, a_lambda_that_captures, a_default_that_captures,
    a_write_inside_a_nested_function, a_global_that_is_written, a_nonlocal_that_is_written]
