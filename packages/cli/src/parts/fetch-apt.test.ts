import { describe, expect, it } from 'vitest';
import { packagesOf } from './fetch-apt.ts';

describe('packagesOf', () => {
  it('reads the names from the addresses that apt prints', () => {
    const plan = [
      "'http://deb.debian.org/debian/pool/main/libl/liblzf/liblzf1_3.6-3_amd64.deb' liblzf1_3.6-3_amd64.deb 10192 MD5Sum:698d",
      "'http://deb.debian.org/debian/pool/main/r/redis/redis-server_7.0.15-1%7edeb12u7_amd64.deb' redis-server_5%3a7.0.15-1~deb12u7_amd64.deb 73392 MD5Sum:2113",
      '',
    ].join('\n');
    expect(packagesOf(plan)).toEqual(['liblzf1', 'redis-server']);
  });

  it('finds none when the system lacks nothing', () => {
    expect(packagesOf('')).toEqual([]);
  });
});
