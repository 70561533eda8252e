import type { Bus, Consumer, Delivery, Verdict } from '@ironforge/bus';
import { COMMANDS, type CommandData, type CommandType, type Envelope, envelope } from '@ironforge/contracts';
import type { TransactionScope } from '@ironforge/store';
import { waitingAlone } from './own-wait.ts';
import { type RecordEffect, recordOnce } from './record-effect.ts';

/** A command whose envelope and data were parsed. */
export type Command<T extends CommandType> = Omit<Envelope, 'data'> & { readonly data: CommandData<T> };

/** Acts on the world outside, repeatably, and gives back what is to be written about it. */
export type EffectHandler<T extends CommandType> = (command: Command<T>) => Promise<RecordEffect>;

/** Which commands are consumed, and by what. */
export interface ConsumeEffectsOptions<T extends CommandType> {
  readonly bus: Bus;
  readonly scopeOf: (command: Command<T>) => TransactionScope;
  readonly queue: string;
  /** The name in the inbox. */
  readonly consumer: string;
  readonly command: T;
  readonly handle: EffectHandler<T>;
  readonly prefetch?: number;
}

const DEFAULT_PREFETCH = 16;

/** Consumes commands by an effect handler: parse (bad shape is dead), act, then one transaction of inbox and result, then ack. */
export function consumeEffects<T extends CommandType>(options: ConsumeEffectsOptions<T>): Consumer {
  const { bus, queue, prefetch = DEFAULT_PREFETCH } = options;
  return bus.consume({ queue, prefetch, handle: async (delivery) => await handle(options, delivery) });
}

async function handle<T extends CommandType>(
  options: ConsumeEffectsOptions<T>,
  { body }: Delivery,
): Promise<Verdict> {
  const command = parseCommand(options.command, body);
  if (command === null) return { dead: `malformed ${options.command}` };
  const record = await waitingAlone(options.handle(command));
  await recordOnce({ scope: options.scopeOf(command), consumer: options.consumer, message: command }, record);
  return 'ack';
}

function parseCommand<T extends CommandType>(type: T, body: unknown): Command<T> | null {
  const parsed = envelope.safeParse(body);
  if (!parsed.success || parsed.data.type !== type) return null;
  const data = COMMANDS[type].safeParse(parsed.data.data);
  // oxlint-disable-next-line typescript/consistent-type-assertions -- the schema of this very command parsed the data
  return data.success ? ({ ...parsed.data, data: data.data } as Command<T>) : null;
}
