import { collectWhenIdle } from './collect-when-idle.ts';

/** A program that does much at once, comes to rest, and says when what that took is given back. */
collectWhenIdle({ everyMs: 50 });

let burst: readonly object[] = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
const held = process.memoryUsage.rss();
process.stdout.write(`did ${burst.length}\n`);
burst = [];
const looking = setInterval(() => {
  if (process.memoryUsage.rss() > held - 30 * 1024 * 1024) return;
  process.stdout.write('given back\n');
  clearInterval(looking);
}, 50);
