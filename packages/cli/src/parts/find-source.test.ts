import { describe, expect, it } from 'vitest';
import { trouble } from '../trouble.ts';
import { findSource, type Ways } from './find-source.ts';

const ways = (open: Partial<Ways<string>>): Ways<string> => ({
  name: 'Redis',
  variable: 'REDIS_URL',
  program: 'redis-server',
  given: undefined,
  onPath: async () => null,
  fetch: async () => 'fetched/redis-server',
  ...open,
});

describe('findSource', () => {
  it('uses a given address and looks for nothing else', async () => {
    const onPath = async (): Promise<never> => {
      throw new Error('looked on the PATH');
    };
    const found = await findSource(ways({ given: 'redis://127.0.0.1:6379', onPath }));
    expect(found).toEqual({ from: 'url', url: 'redis://127.0.0.1:6379' });
  });

  it('takes an empty variable for none', async () => {
    expect(await findSource(ways({ given: '' }))).toEqual({
      from: 'fetched',
      binary: 'fetched/redis-server',
    });
  });

  it('prefers a program on the PATH to fetching one', async () => {
    const found = await findSource(ways({ onPath: async () => '/usr/bin/redis-server' }));
    expect(found).toEqual({ from: 'path', binary: '/usr/bin/redis-server' });
  });

  it('names the three ways when none is open', async () => {
    const fetch = async (): Promise<never> => {
      throw trouble('no_network', 'apt-get cannot reach its server');
    };
    await expect(findSource(ways({ fetch }))).rejects.toMatchObject({
      code: 'missing_part',
      message:
        'Redis is missing: set REDIS_URL to a running one, put redis-server on the PATH, or let it be fetched ' +
        '(that failed: apt-get cannot reach its server)',
    });
  });

  it('says that the disk is full rather than that the component is missing', async () => {
    const fetch = async (): Promise<never> => {
      throw new Error("ENOSPC: no space left on device, write 'x'");
    };
    await expect(findSource(ways({ fetch }))).rejects.toMatchObject({ code: 'disk_full' });
  });
});
