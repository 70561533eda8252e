import { asTrouble, trouble } from '../trouble.ts';

/** The three ways to a component, in the order in which they are tried; a way that is not open gives null. */
export interface Ways<Binary> {
  readonly name: string;
  readonly variable: string;
  /** What a person would install, for the advice. */
  readonly program: string;
  readonly given: string | undefined;
  readonly onPath: () => Promise<Binary | null>;
  readonly fetch: () => Promise<Binary>;
}

/** Where a component was found: a given address, or a binary to start. */
export type Found<Binary> =
  | { readonly from: 'url'; readonly url: string }
  | { readonly from: 'path' | 'fetched'; readonly binary: Binary };

/** The first way that leads to the component; throws `missing_part` naming all three when none does, `usage` for no address. */
export async function findSource<Binary>(ways: Ways<Binary>): Promise<Found<Binary>> {
  if (ways.given !== undefined && ways.given !== '') return { from: 'url', url: addressOf(ways, ways.given) };
  const binary = await ways.onPath();
  if (binary !== null) return { from: 'path', binary };
  try {
    return { from: 'fetched', binary: await ways.fetch() };
  } catch (error) {
    const fault = asTrouble(error, '.ironforge');
    if (fault.code === 'disk_full' || fault.code === 'interrupted') throw fault;
    const advice = `set ${ways.variable} to a running one, put ${ways.program} on the PATH, or let it be fetched`;
    throw trouble(
      'missing_part',
      `${ways.name} is missing: ${advice} (that failed: ${fault.message})`,
      error,
    );
  }
}

/** The value stays out of the words: it may hold a password. */
function addressOf({ name, variable }: Pick<Ways<unknown>, 'name' | 'variable'>, given: string): string {
  if (URL.canParse(given)) return given;
  throw trouble('usage', `${variable} is no address of ${name}: it must be a URL`);
}
