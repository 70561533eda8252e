// Reads a tenant's audit stream from RabbitMQ, each entry once and in order, and remembers where it was.
//
//   npm install amqplib
//   AUDIT_STREAM_URL=amqp://broker.example/vhost AUDIT_STREAM_USER=audit.stream.… AUDIT_STREAM_PASSWORD=… \
//     node audit-stream.mjs place.json
//
// Each entry is one line on standard output: the canonical JSON (RFC 8785) that was sealed, so that SHA-256 over a zero byte and
// these bytes is its leaf in the tree. What this program took it has written to standard output; put your own work in take().
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'amqplib';

const [, , file] = process.argv;
const { AUDIT_STREAM_URL: url, AUDIT_STREAM_USER: user, AUDIT_STREAM_PASSWORD: password } = process.env;
if (!file || !url || !user || !password) {
  console.error(
    'usage: AUDIT_STREAM_URL=… AUDIT_STREAM_USER=… AUDIT_STREAM_PASSWORD=… node audit-stream.mjs place.json',
  );
  process.exit(2);
}

/** The offset in the stream and the number of the entry that was taken last; null before the first. */
let place = readPlace();
/** The first message after connecting is the one that was taken last, or what the stream still has. */
let isFirst = true;

for (let pause = 250; ; pause = Math.min(pause * 2, 10_000)) {
  try {
    await readUntilCut(() => (pause = 250));
  } catch (error) {
    console.error(`the broker does not answer: ${error.message}`);
  }
  await new Promise((resolve) => setTimeout(resolve, pause));
}

async function readUntilCut(onMessage) {
  const address = new URL(url);
  const connection = await connect({
    protocol: address.protocol.slice(0, -1),
    hostname: address.hostname,
    port: Number(address.port || 0) || undefined,
    username: user,
    password,
    vhost: decodeURIComponent(address.pathname.slice(1)) || '/',
    heartbeat: 20,
  });
  const cut = new Promise((resolve) => connection.on('close', resolve));
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => connection.close().catch(() => undefined));
  channel.on('close', () => connection.close().catch(() => undefined));
  // Streams want both: a limit of what is on its way, and an answer for each message.
  await channel.prefetch(100);
  const receive = (message) => {
    if (message === null) return void channel.close();
    onMessage();
    consider(message);
    channel.ack(message);
  };
  // The user has the name of the queue. From the place on, which is given once more and dropped.
  const options = { noAck: false, arguments: { 'x-stream-offset': place === null ? 'first' : place.offset } };
  isFirst = true;
  await channel.consume(user, receive, options);
  await cut;
}

/** Takes what comes next and nothing else: what was here already is dropped, and what comes too early comes again. */
function consider({ content, properties: { headers } }) {
  const [sequence, offset] = [Number(headers.sequence), Number(headers['x-stream-offset'])];
  // The entry before it: retention may have pruned what was between.
  const follows = Number(headers.follows ?? sequence - 1);
  const last = place?.sequence ?? 0;
  if (isFirst && follows > last) notHere(last + 1, follows);
  const isNext = follows <= last || (isFirst && place === null);
  isFirst = false;
  if (!isNext || sequence <= last) return;
  take(content);
  place = { offset, sequence };
  // Written beside and renamed, so that a crash leaves the old place or the new one.
  writeFileSync(`${file}.new`, JSON.stringify(place));
  renameSync(`${file}.new`, file);
}

/** The stream keeps for so many days: what is older, or came while this was away for longer, is got from GET /v1/audit/entries. */
function notHere(first, last) {
  console.error(`entries ${first} to ${last} are not in the stream any more: get them from the API`);
  if (place !== null) process.exit(3);
}

/** Your work. If it dies before the place is written, the same entry comes again: be ready for that. */
function take(content) {
  process.stdout.write(`${content.toString('utf8')}\n`);
}

function readPlace() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
