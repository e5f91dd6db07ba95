"""Values that are no floats and no arrays of them."""

import array
import decimal
import io
import json
import pickle

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0])


@supported("fractions and integers beside floats", lambda: (1.3,))
def exact_numbers(x):
    import fractions
    ratio = fractions.Fraction(3, 4)
    return x * ratio.numerator / ratio.denominator + x ** (10**2 % 7) * float(ratio)


@supported("strings, bytes and dates beside floats", lambda: (1.3, "2024-03-01"))
def text_beside(x, day):
    import datetime
    parsed = datetime.date.fromisoformat(day)
    rate = x * parsed.day + len(day.encode()) * x**2
    return rate * {"01": 0.5}.get(day[-2:], 1.0)


@supported("`complex` and its parts", lambda: (1.3, 0.7))
def complex_numbers_of_python(x, y):
    z = complex(x, y)
    w = z * z.conjugate() + z**2
    return w.real * z.imag + abs(w)


@supported("arrays of objects, element by element", lambda: (1.3, 0.7))
def array_of_objects(x, y):
    a = np.empty((1, 2), dtype=object)
    a[0, 0] = [x]
    a[0, 1] = np.array([y, x * y])
    a[0, 0].append(a[0, 1][1] * y)
    return a[0, 0][0] * a[0][0][1] * np.sum(a[0, 1])


@refused("arrays of objects as a whole", lambda: (1.3, 0.7), "DifferentiationError",
         r"object", "an array keeps derivatives of its elements, which may be anything")
def array_of_objects_multiplied(x, y):
    a = np.empty(2, dtype=object)
    a[0] = x
    a[1] = y
    return np.sum(a * a)  # here


@refused("arrays with named fields", lambda: (1.3, 0.7), "DifferentiationError", r"dtype|field",
         "they are records in memory, not numbers")
def structured_array(x, y):
    a = np.zeros(2, dtype=[("q", float), ("v", float)])
    a["q"] = x  # here
    a["v"][1] = y
    return np.sum(a["q"] * a["v"])


@refused("`array.array` and `memoryview`", lambda: (1.3, 0.7), "DifferentiationError", r"array",
         "their memory is not NumPy's, and holds no derivative")
def array_of_the_standard_library(x, y):
    a = array.array("d", [0.0, 2.0])  # here
    a[0] = x * y
    return a[0] * a[1]


@refused("`array.array` and `memoryview`", lambda: (V.copy(), 1.3), "DifferentiationError",
         r"memoryview|memory", "it is an array's memory by another name")
def memory_of_an_array(a, x):
    b = a * 1.0
    m = memoryview(b)  # here
    m[0] = x * x
    return np.sum(b * b)


@refused("numbers of other kinds", lambda: (1.3,), "DifferentiationError", r"Decimal",
         "their arithmetic is no float arithmetic")
def decimal_numbers(x):
    d = decimal.Decimal(x)  # here
    return float(d * d) * x


@refused("bytes", lambda: (V.copy(),), "DifferentiationError", r"bytes",
         "a number that is read back from bytes has lost its derivative")
def numbers_in_bytes(a):
    data = (a * a).tobytes()  # here
    return np.sum(np.frombuffer(data) * a)


@refused("bytes", lambda: (1.3, 0.7), "DifferentiationError", r"text",
         "a number that is read back from bytes has lost its derivative")
def pickled(x, y):
    data = pickle.dumps([x * y])
    return pickle.loads(data)[0] * x  # here


@refused("files and JSON", lambda: (1.3, 0.7), "DifferentiationError", r"json|str|text|encod",
         "a number that is read back from text has lost its derivative")
def json_text(x, y):
    text = json.dumps({"v": x * y})
    return json.loads(text)["v"] * x  # here


@refused("files and JSON", lambda: (1.3, 0.7), "DifferentiationError", r"hex|text|str",
         "a number that is read back from text has lost its derivative")
def hexadecimal_text(x, y):
    return float.fromhex((x * y).hex()) * x  # here


@refused("a class whose body computes with active values", lambda: (1.3, 0.7),
         "DifferentiationError", r"class", "a class is made anew by running its body as a program")
def class_with_an_active_attribute(x, y):
    class Settings:  # here
        gain = x * y

    return Settings.gain * Settings().gain


@refused("text made by NumPy or printed", lambda: (V.copy(),), "DifferentiationError",
         r"str|text|astype", "a number that is read back from text has lost its derivative")
def strings_in_an_array(a):
    words = (a * a).astype(str)  # here
    return np.sum(words.astype(float) * a)


@refused("text made by NumPy or printed", lambda: (1.3, 0.7), "DifferentiationError",
         r"print|text|file|StringIO",
         "a number that is read back from text has lost its derivative")
def printed_into_a_buffer(x, y):
    buffer = io.StringIO()
    print(x * y, file=buffer)
    return float(buffer.getvalue()) * x  # here


@refused("numerator and denominator", lambda: (1.3,), "DifferentiationError",
         r"as_integer_ratio|Fraction", "integers have no derivative")
def ratio_of_integers(x):
    n, d = (x * x).as_integer_ratio()  # here
    return n / d * x


@refused("values kept in other objects", lambda: (1.3, 0.7), "DifferentiationError", r"slice",
         "a slice keeps no derivative of its ends")
def value_kept_in_a_slice(x, y):
    s = slice(x * y, 1)  # here
    return s.start * x


@refused("values kept in other objects", lambda: (1.3, 0.7), "DifferentiationError", r"type|class",
         "a class that is made at run time keeps no derivative")
def value_kept_in_a_class(x, y):
    made = type("Made", (), {"v": x * y})  # here
    return made.v * x
