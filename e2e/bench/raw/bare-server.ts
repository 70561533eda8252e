import express from 'express';
import { z } from 'zod';

// Bare Express in a process of its own: parses the body and gives the answer it was started with. Says its port.
const answer: unknown = JSON.parse(process.env['BENCH_ANSWER'] ?? '{}');
const app = express();
app.use(express.json());
app.post('/v1/transactions', (_request, response) => void response.status(201).json(answer));
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = z.object({ port: z.int() }).parse(server.address());
  process.stdout.write(`${port}\n`);
});
