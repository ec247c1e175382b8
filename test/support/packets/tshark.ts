import { spawnSync } from 'node:child_process'

/** Why tests against tshark cannot run here, or undefined: made for `{ skip: tsharkMissing() }`. */
export function tsharkMissing(): string | undefined {
  return spawnSync('tshark', ['--version']).error === undefined ? undefined : 'not installed: tshark'
}

/** What tshark says of each packet of a capture file, a row of these fields each. It is told to check checksums, and what `options` say. */
export function tsharkFields(
  file: string,
  fields: readonly string[],
  filter = '',
  options: readonly string[] = [],
): readonly (readonly string[])[] {
  const checks = ['ip', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`])
  const wanted = options.flatMap((option) => ['-o', option])
  const columns = fields.flatMap((field) => ['-e', field])
  const shown = filter === '' ? [] : ['-Y', filter]
  const format = ['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=;']
  const run = spawnSync('tshark', ['-n', '-r', file, ...checks, ...wanted, ...shown, ...format, ...columns], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (run.status !== 0) throw new Error(`tshark ended with ${run.status}: ${run.stderr}`)
  return run.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))
}
