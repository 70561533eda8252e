import type { ChannelModel } from 'amqplib';

/**
 * Rejects once the connection is lost or closed; for a race with what is said on its channels, since amqplib never answers a channel
 * whose farewell was under way then. An error of a connection that nobody hears would end the process.
 */
export async function lossOf(connection: ChannelModel): Promise<never> {
  return await new Promise((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('close', () => reject(new Error('the connection was closed')));
  });
}
