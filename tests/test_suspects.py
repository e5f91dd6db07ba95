"""Which classes are met in an argument: all that it holds, but not who imported a module."""

from s2sdiff import ir
from s2sdiff.kinds import ANY
from s2sdiff.runtime import suspects
from s2sdiff.transforms import watch


class Importer:
    def __init__(self, session):
        self.session = session


class Session:
    pass


def test_what_a_program_runs_in_is_passed_over():
    class Shell:
        pass

    class Kept:
        pass

    Shell.__module__ = "IPython.core.interactiveshell"
    shell = Shell()
    shell.kept = Kept()
    suspects.look_through({"exit": shell})
    assert Shell not in suspects.state.known and Kept not in suspects.state.known


def test_the_names_of_a_module_do_not_lead_to_its_importer():
    class Kept:
        pass

    names = {"__name__": "m", "__loader__": Importer(Session()), "__spec__": Importer(Session()),
             "kept": [Kept()]}
    suspects.look_through((names,))
    assert Kept in suspects.state.known
    assert Importer not in suspects.state.known and Session not in suspects.state.known
    suspects.look_through({"loader": Importer(Session())})
    assert Importer in suspects.state.known and Session in suspects.state.known


class Turning:
    """Asked for a number, it writes."""

    def __init__(self, m):
        self.m = m

    def __index__(self):
        self.m[0] *= 0.9
        return 1


def test_a_method_of_a_container_that_is_called_by_its_class_asks_the_key_and_not_its_owner():
    suspects.note(Turning)
    assert "__index__" in suspects.state.names
    own = ir.Var("own")
    for method, given, missing in ((list.__getitem__, ir.Var("key"), frozenset()),
                                   (dict.__getitem__, ir.Var("key"), {"__missing__"})):
        call = ir.Bind(("y",), ir.Ref(method), (own, given), (), ir.Loc("f.py", 1, 0, "f"))
        looks = {look.atom: look.own for look in watch.looks(call, lambda atom: ANY)}
        assert looks[own] == missing
        assert "__index__" in looks[given]
