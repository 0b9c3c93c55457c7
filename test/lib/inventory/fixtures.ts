import type { Files } from './fixture.ts'

export interface Fixture {
  readonly name: string
  readonly files: Files
  readonly sources: readonly string[]
  readonly playbookDir?: string
  readonly patterns?: readonly string[]
  readonly limits?: readonly string[]
}

const patterns = [
  ...[
    'all',
    '*',
    'web',
    'web1',
    'web:db',
    'web,db',
    'web:&prod',
    'all:!web',
    '!web',
    '&prod',
    'web*',
    'w?b1',
    '~w.b[12]',
    '~(web|db)',
  ],
  ...[
    'web[0]',
    'web[-1]',
    'web[0:1]',
    'web[1:]',
    'web[9]',
    'web[5:9]',
    'web[1-2]',
    'web[12]',
    'nothing',
    'nothing:web',
    'localhost',
  ],
  ...[
    'ungrouped',
    'prod:!db[0]',
    'web[0]:&prod',
    'al*',
    '*.lab',
    'all[0]',
    'web[2:0]',
    '~(?i)WEB1',
    'empty',
    'web1:web',
    '!',
    'a:b:c',
  ],
]

const shop = `
lone
[web]
web[1:3] port=80
web3 port=81
[db]
db1.lab:5433 role=primary
db2.lab role='replica' note="a b" # the spare
[prod:children]
web
db
[prod:vars]
tier=prod
port=1
[empty]
[web:vars]
tier=web
list=['a', 'b']
`

/** Inventories that show one thing each; both tools must read them alike. */
export const fixtures: readonly Fixture[] = [
  {
    name: 'hosts, groups, children, variables and every kind of pattern',
    files: { 'hosts.ini': shop },
    sources: ['hosts.ini'],
    patterns,
    limits: ['web', 'web1,nothing', '!web', 'db:&prod'],
  },
  {
    name: 'the value table of the INI dialect',
    files: {
      hosts: `[web]
w i=1 j=8080 f=1.5 t=True u=true y=yes F=FALSE o=0123 m=0644 n=None d='{"k": 1}' l=[1,2] q=['a','b'] s="x y" r='"5"' p=a\\ b e= h=a#b
[web:vars]
gi=1
gf=1.5
gt=True
gu=true
gy=yes
go=0123
gn=None
gd='{"k": 1}'
ge={"k": [1, [2, 3]]}
gl=['a','b']
gs="x y"
gp=a\\ b
gc=abc # kept
gk=80 # dropped
gz=
g w = spaced = value
`,
    },
    sources: ['hosts'],
  },
  {
    name: 'ports, IPv6 and ranges',
    files: {
      hosts: '[a]\nh:2222\n[::1]:22\n2001:db8::7\nn[01:10:3]x[a:c]:99\nplain\n[b]\nplain:5\nh_:22\n/chroot/x\n',
    },
    sources: ['hosts'],
    patterns: ['h', '2001:db8::7', '::1', 'n01xa', 'n*'],
  },
  {
    name: 'children before their group, diamonds, priorities',
    files: {
      hosts: `[top:children]
left
right
[right:children]
bottom
[left:children]
bottom
[bottom]
h
[left:vars]
v=left
w=left
ansible_group_priority=5
[right:vars]
v=right
w=right
[top:vars]
v=top
w=top
t=top
[bottom:vars]
w=bottom
[other]
h
[other:vars]
v=other
w=other
`,
    },
    sources: ['hosts'],
    patterns: ['top', 'left:!bottom', '*'],
  },
  {
    name: 'YAML 1.1 in inventory and variable files',
    files: {
      'hosts.yml': `all:
  vars: {a: yes, b: 0644, c: "0644", d: 1_000, e: ~, f: y, g: 1e3, h: 12:30:45, i: off}
  hosts:
    solo:
  children:
    web:
      hosts:
        web[1:2]:
          x: &x {p: 1, q: [a, b]}
          y: {<<: *x, p: 2}
        web3: {port: 81}
      vars:
    db:
      hosts: db1
      children: {replica: {hosts: {db2: {role: replica}}}}
`,
      'group_vars/all.yml': '# nothing but a comment\n',
      'group_vars/web.yaml': '---\nport: 8080\nnested: {deep: [1, {x: no}]}\nlong: >\n  two\n  lines\n',
      'group_vars/db.json': '{"json": true, "n": 15.25e-1, "s": "yes", "list": [1.5, null]}',
      'host_vars/web1': 'plain: file\n',
    },
    sources: ['hosts.yml'],
    patterns: ['all', 'web', 'db', 'replica', '*'],
  },
  {
    name: 'the precedence of files beside the inventory and the playbook',
    files: {
      'inv/hosts':
        'h a=inv_host\nlocal ansible_connection=local\n[parent:children]\nchild\n[child]\nh\n[all:vars]\na=1\nb=all_inv\nc=all_inv\nd=all_inv\ne=all_inv\nf=all_inv\ng=all_inv\ni=all_inv\n[parent:vars]\nc=parent_inv\nd=parent_inv\ne=parent_inv\nf=parent_inv\ng=parent_inv\ni=parent_inv\n[child:vars]\nd=child_inv\ne=child_inv\nf=child_inv\ng=child_inv\ni=child_inv\n',
      'inv/group_vars/all/one.yml': 'e: all_file\nf: all_file\ng: all_file\ni: all_file\nx: one\n',
      'inv/group_vars/all/two': 'x: two\n',
      'inv/group_vars/all/.hidden.yml': 'x: hidden\n',
      'inv/group_vars/all/skipped.txt': 'x: text\n',
      'inv/group_vars/all/deeper/z.yml': 'deep: true\n',
      'inv/group_vars/child.yml': 'g: child_file\ni: child_file\nj: child_file\n',
      'inv/group_vars/parent.yml': 'j: parent_file\nk: parent_file\nl: parent_file\n',
      'inv/host_vars/h.yml': 'm: host_file\nn: host_file\ni: host_file\n',
      'book/group_vars/all.yml': 'f: all_book\nk: all_book\nl: all_book\no: all_book\n',
      'book/group_vars/parent.yml': 'l: parent_book\nj: parent_book\n',
      'book/host_vars/h.yml': 'n: host_book\na: host_book\n',
    },
    sources: ['inv/hosts'],
    playbookDir: 'book',
  },
  {
    name: 'a folder of sources, with what it ignores',
    files: {
      'inv/01-static': '[web]\nw1 a=1\n',
      'inv/02-more.yml': 'web: {hosts: {w2: {a: 2}}, vars: {v: folder}}\n',
      'inv/03-script':
        '#!/bin/sh\nif [ "$1" = --list ]; then echo \'{"db": {"hosts": ["d1"], "vars": {"s": 1}}, "_meta": {"hostvars": {"d1": {"k": [1]}}}}\'; fi\n',
      'inv/ignored.ini': '[nope]\nx\n',
      'inv/README.md': 'not an inventory: at all\n',
      'inv/deeper/04': '[deep]\nw1 b=2\n',
      'inv/group_vars/web.yml': 'g: 1\n',
      'inv/host_vars/d1.yml': 'hv: 1\n',
    },
    sources: ['inv'],
    patterns: ['*', 'deep'],
  },
  {
    name: 'several sources, in their order',
    files: {
      'a/hosts': '[web]\nh a=1 b=1\n[web:vars]\ng=a\n',
      'a/group_vars/web.yml': 'f: a\ne: a\n',
      'b/hosts': '[web]\nh b=2\nz\n[all:vars]\ng=all\n',
      'b/group_vars/all.yml': 'f: b_all\n',
      'b/group_vars/web.yml': 'e: b\n',
    },
    sources: ['a/hosts', 'b/hosts', 'x1,x2:2222,[::5]:7,'],
    patterns: ['all', 'x2'],
  },
  {
    name: 'a script without _meta, asked host by host',
    files: {
      script: `#!/bin/sh
case "$1" in
--list) echo '{"web": ["w1", "w2"], "top": {"children": ["web", "late"], "vars": {"t": true}}, "late": {"hosts": []}}' ;;
--host) echo "{\\"me\\": \\"$2\\"}" ;;
esac
`,
    },
    sources: ['script'],
    patterns: ['top', 'late'],
  },
  {
    name: 'ungrouped, all and localhost',
    files: { hosts: 'u1\nu2\nlocalhost x=1\n[all]\nu1\nonlyall\n[g]\nu2\n[ungrouped:vars]\nu=1\n[all:children]\ng\n' },
    sources: ['hosts'],
    patterns: ['localhost', '127.0.0.1', '::1', 'ungrouped', 'all'],
  },
  { name: 'this machine by its address', files: { hosts: 'h\n' }, sources: ['hosts'], patterns: ['127.0.0.1'] },
  { name: 'a host list only', files: {}, sources: ['b,a, c.lab ,'], patterns: ['all', 'a', 'localhost'] },
  {
    name: 'braces and unsafe texts',
    files: { 'hosts.yml': 'all: {hosts: {h: {a: "{{ b }}", b: !unsafe "{{ x }}", c: !unsafe {k: "{{ y }}"}}}}\n' },
    sources: ['hosts.yml'],
  },
  {
    name: 'values that are encrypted stay encrypted in listings',
    files: {
      hosts: '[g]\nh\n',
      'group_vars/g.yml':
        'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\nb: [!vault "$ANSIBLE_VAULT;1.1;AES256\\n63"]\n',
    },
    sources: ['hosts'],
  },
  {
    name: 'a folder of variables hides the file beside it, and keys sort as texts',
    files: {
      hosts: 'h\n[g]\nh\n',
      'group_vars/g/a.yml': "'10': x\n'9': y\na: z\nB: 1\nü: 2\n",
      'group_vars/g.yml': 'hidden: 1\n',
    },
    sources: ['hosts'],
  },
  {
    name: 'an empty inventory',
    files: { hosts: '# nothing\n; here\n\n' },
    sources: ['hosts'],
    patterns: ['all', 'localhost', 'x'],
  },
  {
    name: 'Windows line ends, blanks and a tab',
    files: { hosts: '[web]  # front\r\n\tw1\ta=1 \r\n  [db]\r\nd1\r\n[web:vars]\r\nk = v \r\n' },
    sources: ['hosts'],
  },
  { name: 'INI without an ending that YAML could almost read', files: { hosts: 'one\ntwo\n' }, sources: ['hosts'] },
  {
    name: 'JSON as an inventory',
    files: { 'hosts.json': '{"web": {"hosts": {"w1": {"a": "yes", "n": 1.5e-1}}, "vars": {"v": [true, null]}}}' },
    sources: ['hosts.json'],
  },
]
