"""Which classes are met in an argument: all that it holds, but not who imported a module."""

from s2sdiff.runtime import suspects


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
