import { startAnvil } from './start-anvil.ts';

// A program that starts a node, freezes it if its argument says so, tells where the node is, and waits to be killed.
const anvil = await startAnvil();
if (process.argv[2] === 'frozen') anvil.freeze();
process.stdout.write(`${anvil.rpcUrl}\n`);
