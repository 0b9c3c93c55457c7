import { notEmpty, without } from '../letters.ts'

/** The name of a member, which stands before a `=` in a list with commas. @see https://etcd.io/docs/latest/op-guide/configuration/ */
export function etcdName(text: string): string {
  const where = 'the name of a member of etcd'
  return notEmpty(without(text, /[\0\s,="'\\$`]/, where), where)
}
