import { Ajv } from 'ajv'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fits } from '../../../lib/schema/fits.ts'
import { coerce, type TSchema } from '../../../lib/schema/index.ts'
import * as modules from '../../../modules/index.ts'

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, verbose: true })
const names = ['a', 'b', 'c']
const word = fc.constantFrom('', 'a', 'ab', 'abc', '😀', '1')
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 3)
const plain = fc.oneof(word, number, fc.boolean(), fc.constant(null))

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    plain,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), fc.option(tie('value'), { nil: undefined }), { maxKeys: 3 }),
  ),
}))

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constant({}),
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'array', 'object') }),
    fc.record({ type: fc.constant(['string', 'null']), description: fc.constant('either') }),
    fc.record(
      {
        type: fc.constant('string'),
        minLength: number.map(Math.abs).map(Math.ceil),
        maxLength: fc.nat(2),
        pattern: fc.constantFrom('^a', 'b$', '^.$'),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      { minimum: number, maximum: number, exclusiveMinimum: number, exclusiveMaximum: number },
      { requiredKeys: [] },
    ),
    fc.record({ enum: fc.uniqueArray(plain, { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: plain }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record(
      { type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(2) },
      { requiredKeys: ['type', 'items'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(
          fc.constantFrom(...names),
          fc.oneof(
            tie('schema'),
            fc
              .tuple(tie('schema'), value)
              .map(([of, given]) => ({ ...of, default: JSON.parse(JSON.stringify(given)) as unknown })),
          ),
        ),
        required: fc.uniqueArray(fc.constantFrom(...names)),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: ['type'] },
    ),
  ),
}))

test('what fits is what ajv takes, with the same defaults filled in', () => {
  fc.assert(
    fc.property(schema, value, (of, given) => {
      const [here, there] = [structuredClone(given), structuredClone(given)]
      assert.is(fits(of as TSchema, here), ajv.validate(of, there))
      if (ajv.errors === null) assert.equal(here, there)
    }),
    { numRuns: 1500 },
  )
})

test('what is not known is left to ajv', () => {
  for (const [of, given] of [
    [{ type: 'string', format: 'email' }, 'a@b'],
    [{ not: {} }, 1],
    [{ type: 'number' }, Infinity],
    [{ enum: [[1]] }, [1]],
  ] as const)
    assert.is(fits(of as object as TSchema, given), false)
})

for (const { definition, schema: of } of Object.values(modules))
  for (const { name, params } of definition.examples)
    test(`${definition.name}, ${name.toLowerCase()}: judged without ajv`, () => {
      assert.ok(fits(of as TSchema, coerce(of as TSchema, JSON.parse(JSON.stringify(params)))))
    })

test.run()
