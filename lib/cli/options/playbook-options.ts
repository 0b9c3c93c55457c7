import type { Options } from './options.ts'

/** The options that say which hosts there are, and how to read what is encrypted about them. */
export const inventoryOptions = {
  inventory: {
    short: 'i',
    aliases: ['inventory-file'],
    value: 'INVENTORY',
    env: ['HOSTWRIGHT_INVENTORY', 'ANSIBLE_INVENTORY'],
    help: 'a file, folder, script or source of hosts, or a list with a comma (db1,db2); may be repeated',
  },
  'vault-password-file': {
    aliases: ['vault-pass-file'],
    value: 'FILE',
    env: ['ANSIBLE_VAULT_PASSWORD_FILE'],
    help: 'a file with the vault password, or a program that prints it; may be repeated',
  },
  'vault-id': { value: 'LABEL@SOURCE', help: 'a vault password by its label; SOURCE is a file, a program or "prompt"' },
  'ask-vault-pass': { short: 'J', aliases: ['ask-vault-password'], help: 'ask for the vault password' },
  verbose: { short: 'v', help: 'show more: -v results, -vv places of tasks, -vvv stacks of errors' },
  help: { short: 'h', help: 'show this' },
  version: { help: 'show the version' },
} as const satisfies Options

/** What `ansible-playbook` takes, and a little more. */
export const playbookOptions = {
  ...inventoryOptions,
  limit: { short: 'l', aliases: ['subset'], value: 'PATTERN', help: 'only these hosts; @FILE for a list of them' },
  check: { short: 'C', help: 'change nothing; say what would be changed' },
  diff: { short: 'D', env: ['ANSIBLE_DIFF_ALWAYS'], help: 'show the differences of what changes' },
  tags: { short: 't', value: 'TAGS', env: ['ANSIBLE_RUN_TAGS'], help: 'only tasks with one of these tags' },
  'skip-tags': { value: 'TAGS', env: ['ANSIBLE_SKIP_TAGS'], help: 'no tasks with one of these tags' },
  'start-at-task': { value: 'NAME', help: 'begin with the first task of this name (a glob)' },
  step: { help: 'ask before each task' },
  'extra-vars': { short: 'e', value: 'VARS', help: 'variables over all others: name=value, JSON, YAML or @FILE' },
  'syntax-check': { help: 'check all that can be known without touching a host, and end' },
  'list-hosts': { help: 'list the hosts of each play, and end' },
  'list-tasks': { help: 'list the tasks of each play, and end' },
  'list-tags': { help: 'list the tags of each play, and end' },
  forks: { short: 'f', value: 'NUMBER', env: ['ANSIBLE_FORKS'], help: 'hosts at work at the same time (default: 50)' },
  'force-handlers': { env: ['ANSIBLE_FORCE_HANDLERS'], help: 'run notified handlers even where a task failed' },
  'no-look-ahead': { help: 'plan each task only when its turn has come; what the run does and tells is the same' },
  'flush-cache': { help: 'accepted for Ansible’s sake; facts are never cached between runs' },
  user: { short: 'u', value: 'USER', env: ['ANSIBLE_REMOTE_USER'], help: 'log in as this user' },
  'private-key': {
    aliases: ['key-file'],
    value: 'FILE',
    env: ['ANSIBLE_PRIVATE_KEY_FILE'],
    help: 'log in with this key',
  },
  'ask-pass': { short: 'k', env: ['ANSIBLE_ASK_PASS'], help: 'ask for the password to log in with' },
  'connection-password-file': {
    aliases: ['conn-pass-file'],
    value: 'FILE',
    env: ['ANSIBLE_CONNECTION_PASSWORD_FILE'],
    help: 'a file with the password to log in with',
  },
  connection: {
    short: 'c',
    value: 'KIND',
    env: ['ANSIBLE_TRANSPORT'],
    help: 'how to reach hosts: ssh, local, docker …',
  },
  timeout: {
    short: 'T',
    value: 'SECONDS',
    env: ['ANSIBLE_TIMEOUT'],
    help: 'how long a connection may take (default: 10)',
  },
  'host-key-checking': {
    value: 'HOW',
    choices: ['yes', 'accept-new', 'no'],
    help: 'what to do with host keys; ANSIBLE_HOST_KEY_CHECKING=false means no (default: yes)',
  },
  'ssh-common-args': {
    value: 'ARGS',
    env: ['ANSIBLE_SSH_COMMON_ARGS'],
    help: 'arguments of ssh, such as "-o ProxyJump=gate"; added to ANSIBLE_SSH_ARGS',
  },
  'ssh-extra-args': { value: 'ARGS', env: ['ANSIBLE_SSH_EXTRA_ARGS'], help: 'more arguments of ssh' },
  'scp-extra-args': { value: 'ARGS', help: 'accepted for Ansible’s sake; scp is not used' },
  'sftp-extra-args': { value: 'ARGS', help: 'accepted for Ansible’s sake; sftp is not used' },
  'module-path': { short: 'M', value: 'PATH', help: 'accepted for Ansible’s sake; modules are imported' },
  become: { short: 'b', env: ['ANSIBLE_BECOME'], help: 'become another user on the hosts' },
  'become-user': { value: 'USER', env: ['ANSIBLE_BECOME_USER'], help: 'the user to become (default: root)' },
  'become-method': {
    value: 'METHOD',
    choices: ['sudo', 'su', 'doas'],
    env: ['ANSIBLE_BECOME_METHOD'],
    help: 'how to become that user',
  },
  'ask-become-pass': { short: 'K', env: ['ANSIBLE_BECOME_ASK_PASS'], help: 'ask for the password of become' },
  'become-password-file': {
    aliases: ['become-pass-file'],
    value: 'FILE',
    env: ['ANSIBLE_BECOME_PASSWORD_FILE'],
    help: 'a file with the password of become',
  },
  output: {
    value: 'FORM',
    help: 'the report: text, json (a line for each event), junit, or a reporter of your own; may be repeated',
  },
  'output-file': { value: 'FILE', help: 'write that report here, beside the text on the terminal' },
} as const satisfies Options

export type PlaybookOption = keyof typeof playbookOptions
export type InventoryOption = keyof typeof inventoryOptions
