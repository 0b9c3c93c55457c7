"""Runs cases through the modules of the installed Ansible, all in this one process.

Reads a JSON list of {module, params, content} on standard input, with contents in base64 or null for no file, and writes a list of
{changed, content, msg, failed}. The parameter `path` is filled in.
"""
import base64
import importlib
import json
import os
import sys
import tempfile

from ansible.module_utils import basic


class Done(Exception):
    pass


def exit_json(self, **result):
    raise Done({"failed": False, **result})


def fail_json(self, msg="", **result):
    raise Done({"failed": True, "msg": msg, **result})


basic.AnsibleModule.exit_json = exit_json
basic.AnsibleModule.fail_json = fail_json

folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")
answers = []
for case in json.load(sys.stdin):
    if os.path.lexists(path):
        os.unlink(path)
    if case["content"] is not None:
        with open(path, "wb") as file:
            file.write(base64.b64decode(case["content"]))
    module = importlib.import_module("ansible.modules." + case["module"])
    arguments = {**case["params"], "path": path}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    try:
        module.main()
        result = {"failed": True, "msg": "it did not answer"}
    except Done as done:
        result = done.args[0]
    except Exception as error:
        result = {"failed": True, "msg": repr(error)}
    content = None
    if os.path.exists(path):
        with open(path, "rb") as file:
            content = base64.b64encode(file.read()).decode()
    answers.append(
        {
            "changed": bool(result.get("changed", False)),
            "failed": result["failed"],
            "msg": str(result.get("msg", "")),
            "content": content,
        }
    )
json.dump(answers, sys.stdout)
