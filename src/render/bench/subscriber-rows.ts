import type { BenchResult, SlowFigures, Spread } from '../../features/bench/events.ts'
import { countText, durationText } from './figures.ts'

type Row = readonly [name: string, value: string]

/** How subscribers differ, and what those did that were slow on purpose. */
export function subscriberRows({ perSubscriber, slow }: BenchResult): Row[] {
  return [...spreadRows(perSubscriber), ...slowRows(slow)]
}

function spreadRows(figures: BenchResult['perSubscriber']): Row[] {
  if (figures === undefined) return []
  const { subscribers, received, lost, p99Microseconds, slowestTenth } = figures
  const tenth = `the slowest ${countText(slowestTenth.subscribers)}: p50 ${durationText(slowestTenth.p50Microseconds)}, p99 ${durationText(slowestTenth.p99Microseconds)}`
  return [
    [
      'each subscriber',
      `received ${spreadText(received, countText)}; p99 ${spreadText(p99Microseconds, durationText)}, of ${countText(subscribers)}`,
    ],
    ['', tenth],
    ...(lost !== undefined && (lost.most ?? 0) > 0 ? [['', `lost ${spreadText(lost, countText)}`] as const] : []),
  ]
}

function spreadText({ least, median, most }: Spread, textOf: (value: number) => string): string {
  if (least === null || median === null || most === null) return 'not measured'
  return least === most ? textOf(least) : `${textOf(least)} to ${textOf(most)}, median ${textOf(median)}`
}

function slowRows(slow: SlowFigures | undefined): Row[] {
  if (slow === undefined) return []
  const { subscribers, thinkMilliseconds, expected, received, lost, lateToArrive = 0, firstLoss } = slow
  const parts = [
    `${countText(received)}${expected === undefined ? '' : ` of ${countText(expected)}`} received`,
    ...(lost === undefined ? [] : [`${countText(lost)} lost`]),
    ...(lateToArrive > 0 ? [`${countText(lateToArrive)} late to arrive`] : []),
  ]
  return [
    ['slow', `${countText(subscribers)}, ${thinkMilliseconds} ms a message: ${parts.join(', ')}`],
    ...(firstLoss === undefined
      ? []
      : [
          [
            '',
            `first loss at ${firstLoss.second.toFixed(1)} s, of subscriber ${firstLoss.subscriber}, with ${countText(firstLoss.backlog)} messages waiting`,
          ] as const,
        ]),
  ]
}
