import { parseHba, renderRule, ruleKey, sameRule, type HbaLine, type HbaRule } from './hba.ts'

/** A rule, and whether it is to be there. */
export interface WantedRule {
  /** The rule. */
  readonly rule: HbaRule
  /** Whether it is to be there. */
  readonly state: 'present' | 'absent'
}

/**
 * The file with these rules. One that is about the same connections is changed where it stands, its doubles go; a new one comes first or last. All
 * other lines stay as they are.
 */
export function editHba(text: string, wanted: readonly WantedRule[], position: 'first' | 'last'): string {
  let lines = parseHba(text)
  const added: HbaRule[] = []
  for (const { rule, state } of wanted) {
    const key = ruleKey(rule)
    const mine = lines.filter((line) => line.rule !== undefined && ruleKey(line.rule) === key)
    const first = mine[0]
    const gone = new Set(state === 'absent' ? mine : mine.slice(1))
    lines = lines
      .filter((line) => !gone.has(line))
      .map((line) =>
        line === first && line.rule !== undefined && !sameRule(line.rule, rule) ? changed(line.rule, rule) : line,
      )
    if (state === 'present' && first === undefined) added.push(rule)
  }
  const fresh = added.map((rule): HbaLine => ({ text: renderRule(rule), active: true, rule }))
  const at =
    position === 'last'
      ? lines.length
      : Math.max(
          lines.findIndex(({ active }) => active),
          0,
        )
  const all = lines.toSpliced(at, 0, ...fresh).map((line) => line.text)
  return all.length === 0 ? '' : `${all.join('\n')}\n`
}

function changed(old: HbaRule, rule: HbaRule): HbaLine {
  const merged = { ...rule, comment: rule.comment === '' ? old.comment : rule.comment }
  return { text: renderRule(merged), active: true, rule: merged }
}

/** The file that holds these rules in this order and nothing else the server reads; the old text where it does so already. */
export function wholeHba(header: string, text: string | undefined, rules: readonly HbaRule[]): string {
  const active = text === undefined ? undefined : parseHba(text).filter((line) => line.active)
  const holds =
    active?.length === rules.length &&
    rules.every((rule, i) => {
      const there = active[i]?.rule
      return there !== undefined && sameRule(there, rule)
    })
  if (holds && text !== undefined) return text
  return [header, '', ...rules.map(renderRule), ''].join('\n')
}
