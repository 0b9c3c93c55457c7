"""What the real Ansible makes of many inputs, in one process: a JSON list of questions in, a JSON list of answers out."""

import ast
import fnmatch
import json
import math
import re
import shlex
import sys


class OrderedSet(dict):
    """A set that keeps its order: Ansible walks group trees through sets, whose order changes from run to run."""

    def __init__(self, items=()):
        super().__init__((item, None) for item in items)

    def add(self, item):
        self[item] = None

    def remove(self, item):
        del self[item]

    def update(self, items):
        for item in items:
            self[item] = None

    def difference_update(self, items):
        for item in list(items):
            self.pop(item, None)

    def copy(self):
        return OrderedSet(self)


import ansible.inventory.group as group_module  # noqa: E402

group_module.set = OrderedSet

from ansible import context  # noqa: E402
from ansible.cli.inventory import InventoryCLI  # noqa: E402
from ansible.errors import AnsibleError  # noqa: E402
from ansible.inventory.manager import InventoryManager, split_host_pattern  # noqa: E402
from ansible.module_utils.common.collections import ImmutableDict  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.parsing.utils.addresses import parse_address  # noqa: E402
from ansible.parsing.utils.yaml import from_yaml  # noqa: E402
from ansible.plugins.inventory import detect_range, expand_hostname_range  # noqa: E402
from ansible.utils.display import Display  # noqa: E402
from ansible.vars.manager import VariableManager  # noqa: E402

warnings = []
Display.warning = lambda self, message, *rest, **named: warnings.append(str(message))
Display.error = lambda self, *rest, **named: None
Display.deprecated = lambda self, *rest, **named: None


class NotData(Exception):
    pass


def data(value):
    """A Python value as JSON-like data; what has no such form raises."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotData()
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, (list, tuple)):
        return [data(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((data(item) for item in value), key=lambda item: json.dumps(item))
    if isinstance(value, dict):
        return {key(name): data(item) for name, item in value.items()}
    if hasattr(value, 'isoformat'):
        return value.isoformat()
    raise NotData()


def key(value):
    value = data(value)
    if isinstance(value, (list, dict)):
        raise NotData()
    return value if isinstance(value, str) else json.dumps(value)


def literal(text):
    try:
        return data(ast.literal_eval(text))
    except (ValueError, SyntaxError, NotData):
        return text
    except (TypeError, MemoryError, RecursionError):
        return text


def words(text):
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return 'error'


def address(text):
    try:
        host, port = parse_address(text, allow_ranges=True)
        return [host, port]
    except AnsibleError:
        return None


def ranges(text):
    if not detect_range(text):
        return [text]
    try:
        return expand_hostname_range(text)
    except Exception:
        return 'error'


def yaml_value(text):
    try:
        return data(from_yaml('value: ' + text)['value'])
    except NotData:
        return text
    except Exception:
        return 'error'


def glob(question):
    text, pattern = question
    return re.compile(fnmatch.translate(pattern)).match(text) is not None


def inventory(question):
    del warnings[:]
    loader = DataLoader()
    basedir = question.get('playbookDir')
    if basedir:
        loader.set_basedir(basedir)
    options = dict(yaml=False, toml=False, export=False, basedir=basedir, show_vars=False, pattern='all', host=None)
    context.CLIARGS = ImmutableDict(options)
    try:
        manager = InventoryManager(loader=loader, sources=question['sources'])
    except Exception as error:
        return {'failed': [str(error)]}
    variables = VariableManager(loader=loader, inventory=manager)
    variables.safe_basedir = bool(basedir)
    command = InventoryCLI(['ansible-inventory', '--list'])
    command.loader, command.inventory, command.vm = loader, manager, variables
    failed = [each for each in warnings if 'Failed to parse' in each or 'Unable to parse' in each]
    answer = {'failed': failed}
    if failed:
        return answer
    top = manager.groups['all']
    answer['list'] = command.dump(command.json_inventory(top))
    answer['yaml'] = json.loads(command.dump(command.yaml_inventory(top)))
    answer['graph'] = command.inventory_graph()
    context.CLIARGS = ImmutableDict(dict(options, show_vars=True))
    try:
        answer['graphVars'] = command.inventory_graph()
    except AnsibleError:
        # It wants to decrypt here.
        answer['graphVars'] = None
    context.CLIARGS = ImmutableDict(dict(options, export=True))
    answer['export'] = command.dump(command.json_inventory(top))
    context.CLIARGS = ImmutableDict(options)
    answer['order'] = [host.name for host in manager.get_hosts('all')]
    answer['magic'] = {
        host.name: {name: host.get_magic_vars()[name] for name in ('group_names', 'inventory_hostname_short')}
        for host in manager.hosts.values()
    }
    answer['groups'] = {name: hosts for name, hosts in manager._inventory.get_groups_dict().items()}
    answer['patterns'] = [matched(manager, pattern) for pattern in question.get('patterns', [])]
    answer['limits'] = [limited(manager, limit) for limit in question.get('limits', [])]
    return answer


def matched(manager, pattern):
    del warnings[:]
    manager.clear_caches()
    try:
        hosts = [host.name for host in manager.get_hosts(pattern)]
    except Exception:
        return 'error'
    return {'hosts': hosts, 'unmatched': sorted(set(each.rsplit(': ', 1)[1] for each in warnings if 'Could not match' in each))}


def limited(manager, limit):
    manager.clear_caches()
    manager.subset(limit)
    try:
        return [host.name for host in manager.get_hosts('all')]
    except Exception:
        return 'error'
    finally:
        manager.subset(None)


kinds = {
    'literal': literal,
    'words': words,
    'address': address,
    'ranges': ranges,
    'yaml': yaml_value,
    'glob': glob,
    'split': split_host_pattern,
    'inventory': inventory,
}


def answer(question):
    kind, value = question
    return kinds[kind](value)


json.dump([answer(question) for question in json.load(open(sys.argv[1]))], open(sys.argv[2], 'w'))
