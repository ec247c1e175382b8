import type { BenchResult, BenchSecond, ObservedFigures, ObservedGap } from '../../features/bench/events.ts'
import { bytesText, countText, percentText } from './figures.ts'

type Row = readonly [name: string, value: string]

/** What the broker used and dropped, by each source that told of it. */
export function observedRows({ observed = [] }: BenchResult): Row[] {
  return observed.flatMap((each) => [
    ['observed', usedText(each)] as const,
    ...droppedRows(each),
    ...each.gaps.slice(0, 5).map((gap): Row => ['', gapText(gap)]),
    ...(each.gaps.length > 5 ? [['', `and ${each.gaps.length - 5} more gaps`] as const] : []),
  ])
}

function usedText({ source, cpu, cpuMicrosecondsPerMessage, memoryBytes, restarts }: ObservedFigures): string {
  const parts = [
    ...(cpu === null ? [] : [`cpu ${percentText(cpu)} of a core`]),
    ...(cpuMicrosecondsPerMessage === null ? [] : [`${cpuMicrosecondsPerMessage.toFixed(2)} µs a message`]),
    ...(memoryBytes.most === null
      ? []
      : [`memory ${bytesText(memoryBytes.atStart)}, at most ${bytesText(memoryBytes.most)}`]),
    ...(restarts === 0 ? [] : [`began anew ${restarts === 1 ? 'once' : `${restarts} times`}`]),
  ]
  return `${source}: ${parts.length === 0 ? 'no cpu and no memory told' : parts.join(', ')}`
}

function droppedRows({ source, dropped, firstSecond, lastSecond }: ObservedFigures): Row[] {
  const counts = Object.entries(dropped)
  if (counts.length === 0) return []
  const sum = counts.reduce((total, [, count]) => total + count, 0)
  const when =
    firstSecond === null || lastSecond === null
      ? ''
      : `, from ${firstSecond.toFixed(1)} s to ${lastSecond.toFixed(1)} s`
  const each = counts.filter(([, count]) => count > 0).map(([name, count]) => `${countText(count)} ${name}`)
  return [
    [
      'observed drops',
      `${countText(sum)} by ${source}${when}${counts.length > 1 && each.length > 0 ? `: ${each.join(', ')}` : ''}`,
    ],
  ]
}

function gapText({ fromSecond, toSecond, reason }: ObservedGap): string {
  return `nothing told from ${fromSecond.toFixed(1)} s to ${toSecond.toFixed(1)} s: ${reason}`
}

/** For the line of a second: of each source what it told, or that it did not. */
export function observedText({ observed = [] }: BenchSecond): string {
  return observed
    .map(({ cpu, memoryBytes, dropped, gap }) => {
      if (gap !== undefined) return `no word (${gap})`
      return [
        ...(cpu === null ? [] : [`cpu ${percentText(cpu)}`]),
        ...(memoryBytes === null ? [] : [bytesText(memoryBytes)]),
        ...(dropped === null || dropped === 0 ? [] : [`dropped ${countText(dropped)}`]),
      ].join(' ')
    })
    .filter((text) => text !== '')
    .map((text) => `broker ${text}`)
    .join('  ')
}
