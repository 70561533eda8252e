import { ROUTES } from '@ironforge/contracts';
import { parseJson } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';

const Told = z.object({ sequence: z.int(), eventId: z.string(), type: z.string(), resourceType: z.string() });

/** One event as it came. */
export interface ToldEntry extends z.output<typeof Told> {
  readonly id: string;
}

/** Somebody who reads a stream of entries until he hangs up or is cut off. */
export interface StreamReader extends AsyncDisposable {
  readonly status: number;
  readonly told: readonly ToldEntry[];
  readonly comments: readonly string[];
  /** Resolves when the stream is at its end, whoever ended it. */
  readonly ended: Promise<void>;
  readonly hangUp: () => void;
  /** Waits until so many entries were told. */
  heard(count: number): Promise<readonly ToldEntry[]>;
}

/** Opens `GET /v1/audit/stream` of a service, and reads what comes. */
export async function openStream(
  url: string,
  headers: Record<string, string>,
  query = '',
): Promise<StreamReader> {
  return readStream(await askForStream(url, headers, query));
}

/** A stream of which nothing was taken yet but the head of the answer. */
export interface UnreadStream {
  readonly response: Response;
  readonly leaving: AbortController;
}

/** Asks for `GET /v1/audit/stream` of a service, and leaves what comes where it is. */
export async function askForStream(
  url: string,
  headers: Record<string, string>,
  query = '',
): Promise<UnreadStream> {
  const leaving = new AbortController();
  const target = new URL(`${ROUTES.streamAuditEntries.path}${query}`, url);
  return { response: await fetch(target, { headers, signal: leaving.signal }), leaving };
}

/** Reads a stream from now on. */
export function readStream({ response, leaving }: UnreadStream): StreamReader {
  const [told, comments]: [ToldEntry[], string[]] = [[], []];
  const take = (block: string) => {
    const entry = entryIn(block);
    if (entry !== null) told.push(entry);
    else if (block.startsWith(': ')) comments.push(block.slice(2));
  };
  const ended = readBlocks(response, take).catch(() => undefined);
  const hangUp = () => leaving.abort();
  return {
    status: response.status,
    told,
    comments,
    ended,
    hangUp,
    heard: (count) => waitUntil(`${count} entries told`, () => told.length >= count && told),
    [Symbol.asyncDispose]: async () => {
      hangUp();
      await ended;
    },
  };
}

async function readBlocks(response: Response, take: (block: string) => void): Promise<void> {
  let rest = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop() ?? '';
    blocks.forEach(take);
  }
}

function entryIn(block: string): ToldEntry | null {
  const { id, data } = /^id: (?<id>\d+)\ndata: (?<data>.+)$/s.exec(block)?.groups ?? {};
  return id === undefined || data === undefined ? null : { id, ...Told.parse(parseJson(data)) };
}
