import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../../lib/error.ts'
import { Secret } from '../../../../lib/secret.ts'
import { variablesOver, renderTemplate } from '../../../../lib/kit/text/render.ts'

const path = '/playbooks/templates/x.ejs'

const rendered: readonly (readonly [what: string, source: string, locals: object, text: string])[] = [
  ['values as they are', '<%= a %>', { a: `<b> & 'c' "d"` }, `<b> & 'c' "d"`],
  ['secrets with their text', 'password=<%= p %>\n', { p: new Secret('pa<ss') }, 'password=pa<ss\n'],
  ['secrets in lists', '<%= l %>', { l: [new Secret('abcd'), 1] }, 'abcd,1'],
  ['numbers, booleans, null', '<%= n %> <%= b %> <%= x %>.', { n: 0, b: false, x: null }, '0 false .'],
  ['conditions that eat their newline', '<% if (a) { -%>\nyes\n<% } -%>\n', { a: true }, 'yes\n'],
  ['loops', '<% for (const h of hosts) { -%>\nhost <%= h %>\n<% } -%>\n', { hosts: ['a', 'b'] }, 'host a\nhost b\n'],
  ['a last newline stays', 'a\n', {}, 'a\n'],
  ['CRLF becomes LF', 'a\r\n<%= b %>\r\n', { b: 1 }, 'a\n1\n'],
  ['names from below', '<%= a %><%= b %>', variablesOver({ a: 1, b: 2 }, { b: 3 }), '13'],
  ['a guarded missing value', `<%= a.b ?? 'none' %>`, { a: {} }, 'none'],
  ['typeof for what may not be defined', `<% if (typeof z === 'undefined') { %>no<% } %>`, {}, 'no'],
]
for (const [what, source, locals, text] of rendered)
  test(what, () => assert.is(renderTemplate(path, source, locals), text))

function complaint(source: string, locals: object): HostwrightError {
  try {
    renderTemplate(path, source, locals)
  } catch (error) {
    if (error instanceof HostwrightError) return error
    throw error
  }
  throw new Error('it should have been refused')
}

const refused: readonly (readonly [
  what: string,
  source: string,
  locals: object,
  line: number | undefined,
  message: string,
])[] = [
  [
    'a name nobody defined',
    'a\nb <%= max_conections %>\n',
    { max_connections: 1 },
    2,
    'did you mean "max_connections"?',
  ],
  ["… in a task's own variables", '<%= porrt %>', variablesOver({}, { port: 1 }), 1, 'did you mean "port"?'],
  ['a missing property', '\n\n<%= a.b.c %>', { a: {} }, 3, "Cannot read properties of undefined (reading 'c')"],
  ['an undefined value', '\n<%= a.b %>', { a: {} }, 2, 'undefined'],
  ['an object', '<%= a %>', { a: { b: 1 } }, 1, 'is an object'],
  ['a secret in a string', '\n<%= "x" + p %>', { p: new Secret('abcdef') }, 2, 'secret'],
  ['a tag that is not closed', 'a\n<%% b %%>\nc <%= b', {}, 3, 'the tag <%= is never closed'],
  ['a tag that is not closed before the next', 'a\n<% b\nc\n<% d %>', {}, 2, 'the tag <% is never closed'],
  ['a slip of the finger', 'a\n<% if (x { %>\nb\n<% } %>\n', {}, 2, "Unexpected token '{'"],
  ['a slip behind tags on one line', 'a\nb <%= c %> <%= d( %>\n', {}, 2, 'missing )'],
  ['a slip within a tag of several lines', 'a\n<%\nconst x = [\n1,\n2;\n%>\n', {}, 5, "Unexpected token ';'"],
  ['a bracket that is missing', '<% if (true) { %>', {}, undefined, 'never closed'],
]
for (const [what, source, locals, line, message] of refused)
  test(`${what} is named with its line`, () => {
    const error = complaint(source, locals)
    assert.is(error.kind, 'input')
    assert.equal(error.place, line === undefined ? { file: path } : { file: path, line })
    assert.ok(error.message.includes(message), error.message)
  })

test('what a variable throws when it is touched goes through unchanged, and untouched it throws nothing', () => {
  const thrown = new Error('known on the host only')
  const below = {
    get live(): string {
      throw thrown
    },
    port: 1,
  }
  assert.is(renderTemplate(path, '<%= port %>', variablesOver(below, {})), '1')
  try {
    renderTemplate(path, 'a\n<%= live %>', variablesOver(below, {}))
    assert.unreachable()
  } catch (error) {
    assert.is(error, thrown)
    assert.is(thrown.message, 'known on the host only')
  }
})

test('templates include others, with variables of their own', () => {
  const include = (name: string) => ({ path: `/${name}`, source: '[<%= a %><%= b %>]' })
  assert.is(renderTemplate(path, `<%- include('x', { b: 2 }) %>`, { a: 1 }, include), '[12]')
})

test.run()
