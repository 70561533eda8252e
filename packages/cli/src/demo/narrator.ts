import type { Facts } from './step.ts';

/** Tells the story as it happens; times in milliseconds. */
export interface Narrator {
  begin(number: number, title: string, why: string): void;
  happened(name: string, ms: number, facts: Facts): void;
  failed(name: string, ms: number, reason: string): void;
  end(ok: boolean, steps: number, ms: number): void;
}

type Print = (line: string) => void;

/** One JSON object a step, `{ step, ok, ms, … }`, and last `{ ok, steps, ms }`. */
export function tellMachine(print: Print): Narrator {
  return {
    begin: () => undefined,
    happened: (step, ms, facts) => print(JSON.stringify({ step, ok: true, ms, ...facts })),
    failed: (step, ms, reason) => print(JSON.stringify({ step, ok: false, ms, reason })),
    end: (ok, steps, ms) => print(JSON.stringify({ ok, steps, ms })),
  };
}

/** Each step in words: what happens, why it matters, what was found, how long it took. */
export function tellPerson(print: Print): Narrator {
  return {
    begin: (number, title, why) => {
      print('');
      print(`${String(number).padStart(2)}. ${title}`);
      for (const line of wrapped(why, 92)) print(`    ${line}`);
    },
    happened: (_name, ms, facts) => {
      for (const [label, fact] of Object.entries(facts)) printFact(print, label, fact);
      print(`    ✓ ${seconds(ms)}`);
    },
    failed: (_name, ms, reason) => print(`    ✗ ${seconds(ms)}  ${reason}`),
    end: (ok, steps, ms) => {
      print('');
      print(
        ok ? `All ${steps} steps came true, in ${seconds(ms)}.` : `The story broke off in step ${steps}.`,
      );
    },
  };
}

function printFact(print: Print, label: string, fact: Facts[string]): void {
  const [first = '', ...rest] = typeof fact === 'object' ? fact : [String(fact)];
  print(`      ${words(label).padEnd(22)}${first}`);
  for (const line of rest) print(`      ${''.padEnd(22)}${line}`);
}

function words(label: string): string {
  return label.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function wrapped(text: string, width: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
