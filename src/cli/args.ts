import type { Arg } from '@oclif/core/interfaces'

/** Positional words. `ignoreStdin`: without it oclif reads stdin for a word that is missing, and `pub -l` loses lines. */
function word(description: string): Arg<string | undefined> {
  return { name: '', description, ignoreStdin: true, input: [], parse: async (text: string) => text }
}

export const pubArgs = {
  topic: word('Topic to publish to; with -t, or a topic in -L, this word is the message.'),
  message: word('The message.'),
}

/** Of `sub` and `inspect`. One is declared for help; the command takes any number (`static strict = false`). */
export const filterArgs = {
  filter: word('Topic filter to subscribe to; as many as you like.'),
}

export const maxArgs = {
  load: word('pubsub (by default), pub, conn (how many connections) or fan-out (one publisher, many subscribers).'),
}

export const decodeArgs = {
  hex: word('The packets as hex or base64, in as many words as you like; - or nothing reads standard input.'),
}

export const encodeArgs = {
  json: word('The packet as JSON, in the shape that decode --json prints; - or nothing reads standard input.'),
}

export const compareArgs = {
  base: word(
    'Files of results to compare with, as bench --json writes them: one result, or one a line; as many as you like.',
  ),
}

export const mergeArgs = {
  results: word(
    'Files of results of shards, as bench --shard --json writes them; as many as you like; - is standard input.',
  ),
}

export const captureArgs = {
  capture: word('The capture file, pcap or pcapng; - reads standard input.'),
}

export const scenarioArgs = {
  file: word('The scenario, a YAML file.'),
}

export const duetArgs = {
  load: word('pubsub (default), pub, rpc or conn: what each run is, as in bench.'),
}

export const historyArgs = {
  folder: word('The folder that bench --save keeps results in.'),
}
