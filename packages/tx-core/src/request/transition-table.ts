import type { Command, CommandType, Facts } from './command.ts';
import { decide } from './decide.ts';
import { fold } from './evolve.ts';
import { COMMAND_TYPES, EXAMPLES, type Example } from './example-commands.ts';
import { SITUATIONS, type Situation } from './situations.ts';
import type { TxRequest } from './state.ts';

/** What one command leads to in one situation: `→ status · reason (events)`, `no change`, or `refused: code`. */
export function outcomeText(command: Command, state: TxRequest, facts: Facts): string {
  const outcome = decide(command, state, facts);
  if ('rejected' in outcome) return `refused: ${outcome.rejected}`;
  if (outcome.accepted.length === 0) return 'no change';
  const next = fold(outcome.accepted, state);
  const events = outcome.accepted.map(({ type }) => type).join(', ');
  return `→ ${next.status}${next.reason === null ? '' : ` · ${next.reason}`} (${events})`;
}

/** Every situation with every command, as Markdown: the text of `docs/transitions.md`. */
export function printTransitionTable(): string {
  const sections = COMMAND_TYPES.map(printCommand);
  return `${[PREFACE, ...sections].join('\n\n')}\n`;
}

const PREFACE = `# Transitions of a transaction request

Printed from \`packages/tx-core\`; a test keeps it equal. Every command meets every situation a request can
be in and leads to \`→ status · reason (events)\`, to no change, or is refused.`;

function printCommand(type: CommandType): string {
  const examples = EXAMPLES.filter(({ command }) => command.type === type);
  return [`## ${type}`, ...examples.map(printExample)].join('\n\n');
}

function printExample(example: Example): string {
  const outcomes = SITUATIONS.map((situation) => ({
    name: situation.name,
    text: outcomeOf(example, situation),
  }));
  const [usual] = refusalsByCount(outcomes.map(({ text }) => text));
  const rows = outcomes.filter(({ text }) => text !== usual).map(({ name, text }) => `| ${name} | ${text} |`);
  const rest = usual === undefined ? [] : [`| everywhere else | ${usual} |`];
  return [`### ${example.with}`, '', '| in | leads to |', '| --- | --- |', ...rows, ...rest].join('\n');
}

function refusalsByCount(texts: readonly string[]): readonly string[] {
  const refusals = Map.groupBy(
    texts.filter((text) => text.startsWith('refused')),
    (text) => text,
  );
  return [...refusals].toSorted(([, a], [, b]) => b.length - a.length).map(([text]) => text);
}

function outcomeOf({ command, facts }: Example, situation: Situation): string {
  return outcomeText(command, fold(situation.given), facts);
}
