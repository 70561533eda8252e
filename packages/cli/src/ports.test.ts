import { describe, expect, it } from 'vitest';
import { choosePorts, portVariable } from './ports.ts';

const everythingFree = async (): Promise<boolean> => true;

describe('choosePorts', () => {
  it('keeps what is known, so that a second start finds the same ports', async () => {
    const names = ['postgres', 'redis'];
    const first = await choosePorts({ names, known: {}, first: 20_000, isFree: everythingFree });
    const second = await choosePorts({ names, known: first, first: 30_000, isFree: everythingFree });
    expect(second).toEqual(first);
  });

  it('passes over ports that somebody listens on', async () => {
    const isFree = async (port: number): Promise<boolean> => port % 2 === 1;
    expect(await choosePorts({ names: ['a', 'b'], known: {}, first: 20_000, isFree })).toEqual({
      a: 20_001,
      b: 20_003,
    });
  });

  it('gives no port twice, also not one that was set for another name', async () => {
    const known = { gateway: 20_001 };
    const ports = await choosePorts({
      names: ['a', 'b', 'gateway'],
      known,
      first: 20_000,
      isFree: everythingFree,
    });
    expect(ports).toEqual({ gateway: 20_001, a: 20_000, b: 20_002 });
  });
});

describe('portVariable', () => {
  it('names the variable after the listener', () => {
    expect(portVariable('tx-orchestrator')).toBe('IRONFORGE_PORT_TX_ORCHESTRATOR');
  });
});
