"""The leaderboard's own checker, without the packages that it imports for other ends."""

import importlib.util
import sys
import types
from pathlib import Path


def load(folder):
    """Returns the module ast_checker of an unzipped wheel of bfcl-eval, and its name for Python's rules."""
    # ast_checker imports the model list (every provider's SDK) and the Java and JavaScript converters, which a Python
    # rule does not use: they are replaced by empty modules, the checker itself is the published file.
    for name, attributes in {
        "bfcl_eval": {}, "bfcl_eval.constants": {}, "bfcl_eval.eval_checker": {}, "bfcl_eval.eval_checker.ast_eval": {},
        "bfcl_eval.eval_checker.ast_eval.type_convertor": {},
        "bfcl_eval.constants.model_config": {
            "MODEL_CONFIG_MAPPING": {"plain": types.SimpleNamespace(underscore_to_dot=False)}},
        "bfcl_eval.constants.type_mappings": {"JAVA_TYPE_CONVERSION": {}, "JS_TYPE_CONVERSION": {}},
        "bfcl_eval.eval_checker.ast_eval.type_convertor.java_type_converter": {"java_type_converter": None},
        "bfcl_eval.eval_checker.ast_eval.type_convertor.js_type_converter": {"js_type_converter": None},
    }.items():
        empty = types.ModuleType(name)
        empty.__dict__.update(attributes)
        sys.modules[name] = empty

    enums = module(folder, "bfcl_eval.constants.enums", "bfcl_eval/constants/enums.py")
    checker = module(folder, "checker_of_the_wheel", "bfcl_eval/eval_checker/ast_eval/ast_checker.py")
    return checker, enums.Language.PYTHON


def module(folder, name, path):
    spec = importlib.util.spec_from_file_location(name, Path(folder) / path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded
