import { existsSync, readFileSync } from 'node:fs';
import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import { writeJson } from '../json-file.ts';

const Block = z.looseObject({ header: z.looseObject({ number: z.string(), timestamp: z.string() }) });
const State = z.looseObject({ blocks: z.array(Block) });

/**
 * Keeps the first genesis block in a state file of anvil's. It makes a new one at each start, writes all of them down, and takes
 * any of them the next time: the first block of a chain must not change its hash.
 */
export function keepFirstGenesis(file: string): void {
  if (!existsSync(file)) return;
  const state = State.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!state.success) return;
  const { blocks } = state.data;
  const first = Math.min(...blocks.filter(isGenesis).map(timeOf));
  const kept = blocks.filter((block) => !isGenesis(block) || timeOf(block) === first);
  if (kept.length < blocks.length) writeJson(file, { ...state.data, blocks: kept });
}

type Block = z.infer<typeof Block>;

function isGenesis({ header }: Block): boolean {
  return Number(header.number) === 0;
}

function timeOf({ header }: Block): number {
  return Number(header.timestamp);
}
