import { linearAxis, logAxis } from './axis.ts'
import { digits } from './spread.ts'

export interface Dot {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

export interface Line {
  readonly name: string
  readonly colour: string
  readonly dots: readonly Dot[]
}

export interface Chart {
  readonly title: string
  readonly x: { readonly label: string; readonly log: boolean }
  readonly y: { readonly label: string; readonly log: boolean }
  readonly lines: readonly Line[]
}

const size = { width: 760, height: 440 }
const frame = { left: 70, right: 210, top: 44, bottom: 54 }
const inner = { width: size.width - frame.left - frame.right, height: size.height - frame.top - frame.bottom }

/** A chart of lines with their ranges, as one SVG that needs nothing else. */
export function svg({ title, x, y, lines }: Chart): string {
  const dots = lines.flatMap((line) => line.dots)
  const [across, up] = [
    (x.log ? logAxis : linearAxis)(dots.map((dot) => dot.x)),
    (y.log ? logAxis : linearAxis)(dots.flatMap((dot) => [dot.low, dot.high])),
  ]
  const left = (value: number) => round(frame.left + across.at(value) * inner.width)
  const top = (value: number) => round(frame.top + (1 - up.at(value)) * inner.height)
  const [bottom, right] = [frame.top + inner.height, frame.left + inner.width]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    text(frame.left, 26, title, 'font-size="15" font-weight="bold"'),
    ...across.ticks.map((value) => rule(left(value), frame.top, left(value), bottom)),
    ...across.ticks.map((value) => text(left(value), bottom + 18, name(value), 'text-anchor="middle"')),
    ...up.ticks.map((value) => rule(frame.left, top(value), right, top(value))),
    ...up.ticks.map((value) => text(frame.left - 8, top(value) + 4, name(value), 'text-anchor="end"')),
    text(frame.left + inner.width / 2, size.height - 12, x.label, 'text-anchor="middle"'),
    text(0, 0, y.label, `text-anchor="middle" transform="translate(18 ${frame.top + inner.height / 2}) rotate(-90)"`),
    ...lines.flatMap((line, i) => drawn(line, i, left, top)),
    '</svg>\n',
  ].join('\n')
}

type Scale = (value: number) => number

function drawn({ name: label, colour, dots }: Line, index: number, left: Scale, top: Scale): readonly string[] {
  const sorted = [...dots].sort((a, b) => a.x - b.x)
  const [key, height] = [frame.left + inner.width + 16, frame.top + 10 + index * 20]
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${sorted.map(({ x, y }) => `${left(x)},${top(y)}`).join(' ')}"/>`,
    ...sorted.flatMap(({ x, y, low, high }) => [
      ...(low === high ? [] : [`<path stroke="${colour}" d="M${left(x)} ${top(low)}V${top(high)}"/>`]),
      `<circle cx="${left(x)}" cy="${top(y)}" r="3.5" fill="${colour}"/>`,
    ]),
    `<rect x="${key}" y="${height - 9}" width="14" height="4" fill="${colour}"/>`,
    text(key + 20, height - 3, label),
  ]
}

const rule = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path stroke="#ddd" d="M${x1} ${y1}L${x2} ${y2}"/>`

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" fill="#222"${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`

const escaped = (words: string): string => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const round = (value: number): number => Math.round(value * 10) / 10

/** 0.5, 20, 1000: without digits that say nothing. */
const name = (value: number): string => String(Number(digits(value)))
