import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pubFlags } from '../../src/cli/flags/publish.ts'
import { subFlags } from '../../src/cli/flags/subscribe.ts'
import { type FlagShape, prepareArgv } from '../../src/cli/prepare-argv.ts'
import { MqttCliError } from '../../src/errors.ts'

const pub = pubFlags as unknown as Record<string, FlagShape>
const sub = subFlags as unknown as Record<string, FlagShape>

/** What a command line means: flags by long name with their values in order, and the positional words. */
function meaning(argv: readonly string[], flags = pub) {
  const { typed, positional } = prepareArgv(argv, flags)
  const named = typed.map(({ name, value }) => {
    if (typeof value === 'string') return `--${name}=${value}`
    return value ? `--${name}` : `--no-${name}`
  })
  return { named, positional }
}

function refusal(argv: readonly string[], flags = pub): MqttCliError {
  try {
    prepareArgv(argv, flags)
  } catch (error) {
    if (error instanceof MqttCliError) return error
  }
  assert.fail(`${argv.join(' ')} was accepted`)
}

describe('prepareArgv reads words as mosquitto’s clients do', () => {
  const cases: ReadonlyArray<readonly [what: string, argv: string[], named: string[], positional: string[]]> = [
    ['a letter and its word', ['-h', 'broker'], ['--host=broker'], []],
    ['a long name and its word', ['--host', 'broker'], ['--host=broker'], []],
    ['a value behind an equals sign', ['--host=broker'], ['--host=broker'], []],
    ['a value that holds an equals sign', ['--message=a=b'], ['--message=a=b'], []],
    ['a value that begins with a known letter', ['-m', '-temp'], ['--message=-temp'], []],
    ['a value that is a flag', ['-m', '-t', '-t', 'a'], ['--message=-t', '--topic=a'], []],
    ['a value that is --help', ['-m', '--help'], ['--message=--help'], []],
    ['a value that is --', ['-m', '--'], ['--message=--'], []],
    ['an empty value', ['-m', ''], ['--message='], []],
    ['a negative number as the message', ['a/b', '-5'], [], ['a/b', '-5']],
    ['a lone hyphen as a word', ['a/b', '-'], [], ['a/b', '-']],
    ['the last of a single-value flag', ['-q', '1', '--qos', '2', '-q0'], ['--qos=0'], []],
    [
      'every one of a repeatable flag',
      ['--ws-header', 'a: 1', '--ws-header', 'b: 2'],
      ['--ws-header=a: 1', '--ws-header=b: 2'],
      [],
    ],
    ['a letter with its value attached', ['-q1', '-p=1884'], ['--qos=1', '--port=1884'], []],
    ['letters of switches joined', ['-rl'], ['--retain', '--stdin-line'], []],
    ['joined letters that end in a value', ['-rq', '2'], ['--retain', '--qos=2'], []],
    ['bare --trace without the next word', ['--trace', 'a/b', 'hello'], ['--trace=text'], ['a/b', 'hello']],
    ['--trace with a value', ['--trace=json'], ['--trace=json'], []],
    ['-P with the next word', ['-P', 'secret', 'a/b'], ['--password=secret'], ['a/b']],
    ['-P with a word that looks like a flag', ['-P', '-q'], ['--password=-q'], []],
    ['-P as the last word', ['a/b', '-P'], ['--ask-password'], ['a/b']],
    ['an alias', ['--pw', 'secret'], ['--password=secret'], []],
    ['a negated switch', ['--no-nodelay'], ['--no-nodelay'], []],
    ['words after --', ['--', '-t', '--host'], [], ['-t', '--host']],
    ['words on both sides of --', ['a', '-r', '--', '-b'], ['--retain'], ['a', '-b']],
    ['-h as the host and not as help', ['-h', 'localhost', '--help'], ['--host=localhost', '--help'], []],
  ]
  for (const [what, argv, named, positional] of cases) {
    test(what, () => assert.deepEqual(meaning(argv), { named, positional }))
  }

  test('-D with three words', () => {
    const { named, positional } = meaning(['-D', 'publish', 'content-type', 'text/plain', 'a', 'b'])

    assert.deepEqual(named, ['--property=["publish","content-type","text/plain"]'])
    assert.deepEqual(positional, ['a', 'b'])
  })

  test('-D user-property with four words, again and again', () => {
    const { named } = meaning(['-D', 'publish', 'user-property', 'a', '-b', '-D', 'publish', 'user-property', 'a', 'c'])

    assert.deepEqual(named, [
      '--property=["publish","user-property","a","-b"]',
      '--property=["publish","user-property","a","c"]',
    ])
  })

  test('-vN of sub as two switches', () => {
    assert.deepEqual(meaning(['-vN', 'a/#'], sub), { named: ['--verbose', '--no-eol'], positional: ['a/#'] })
  })

  test('no value of the user’s among the names of flags', () => {
    const { typed } = prepareArgv(
      ['-P', 'canary-1', '-L', 'mqtt://u:canary-2@h', '--keypw=canary-3', '-m', 'canary-4'],
      pub,
    )

    assert.doesNotMatch(typed.map(({ name }) => name).join(' '), /canary/)
  })
})

describe('prepareArgv refuses, and says what to try', () => {
  const cases: ReadonlyArray<readonly [what: string, argv: string[], said: RegExp]> = [
    ['an unknown long flag', ['--foo'], /unknown option --foo/],
    ['an unknown letter', ['-Z'], /unknown option -Z/],
    ['a long flag behind one dash', ['-qos', '1'], /-qos could be --qos, or -q with "os"/],
    ['a flag without its value', ['--port'], /--port needs a value/],
    ['a switch with a value', ['--retain=yes'], /--retain takes no value/],
    ['-D with too few words', ['-D', 'publish', 'content-type'], /-D needs 3 words/],
    ['-D user-property with too few words', ['-D', 'publish', 'user-property', 'a'], /-D needs 4 words/],
    ['a negation that does not exist', ['--no-retain'], /unknown option --no-retain/],
  ]
  for (const [what, argv, said] of cases) {
    test(what, () => {
      const error = refusal(argv)

      assert.equal(error.kind, 'usage')
      assert.match(error.message, said)
      assert.ok((error.details.tries ?? []).length > 0)
    })
  }

  test('a misspelt flag, with the right one', () => {
    for (const typed of ['--retai', '--retian', '--ratain']) {
      assert.match(refusal([typed]).details.tries?.join() ?? '', /did you mean --retain/)
    }
  })

  test('a misspelt password flag, without the password', () => {
    const error = refusal(['--passwrd=canary'])

    assert.doesNotMatch(`${error.message} ${error.details.tries?.join()}`, /canary/)
  })
})
