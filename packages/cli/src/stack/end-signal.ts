import { trouble } from '../trouble.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that is raised with `interrupted` when the user or the system asks this process to end. */
export function endSignal(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const end = (): void =>
    controller.abort(trouble('interrupted', 'Interrupted; all that was started is stopped'));
  for (const name of SIGNALS) process.on(name, end);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, end);
    },
  };
}
