import type { Logger } from '@ironforge/kernel';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { declareTopology } from './declare-topology.ts';
import { lossOf } from './loss-of.ts';
import type { Topology } from './topology.ts';

/** Where the broker is, who connects, and what is declared there. */
export interface ConnectionOptions {
  readonly url: string;
  /** Shown by the broker beside the connection, so that a person finds it. */
  readonly instance: string;
  readonly topology: Topology;
  readonly log: Logger;
}

/** A connection that comes back by itself, with the topology declared each time before anything else uses it. */
export interface Connection {
  readonly model: RecoveringChannelModel;
  state(): { readonly connected: boolean; readonly blocked: boolean };
}

/** Starts connecting for ever; returns after the first try, whether it worked or not. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const model = await connect(withHeartbeat(options.url), {
    ...SOCKET,
    clientProperties: { connection_name: options.instance },
    recovery: {
      initialDelay: 50,
      maxDelay: 2_000,
      waitForConnect: false,
      setup: (opened: ChannelModel) => declareOn(opened, options.topology),
    },
  });
  const state = followState(model, options);
  await firstAttempt(model);
  return { model, state: () => ({ ...state }) };
}

/** Declares, or fails with the connection: amqplib recovers nothing before this has ended. */
async function declareOn(model: ChannelModel, topology: Topology): Promise<void> {
  await Promise.race([declareAll(model, topology), lossOf(model)]);
}

async function declareAll(model: ChannelModel, topology: Topology): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', ignoreBecauseTheCallThrows);
  await declareTopology(channel, topology);
  await channel.close();
}

function followState(model: RecoveringChannelModel, { log, instance }: ConnectionOptions) {
  const state = { connected: false, blocked: false };
  model.on('connect', () => {
    Object.assign(state, { connected: true, blocked: false });
    log.info({ instance }, 'connected to the broker');
  });
  model.on('disconnect', (error: Error) => {
    Object.assign(state, { connected: false, blocked: false });
    log.warn({ instance, error: error.message }, 'lost the broker, reconnecting');
  });
  model.on('connect-failed', (error: Error) =>
    log.warn({ instance, error: error.message }, 'the broker does not answer, trying again'),
  );
  model.on('blocked', (reason: string) => {
    state.blocked = true;
    log.warn({ instance, reason }, 'the broker takes no messages for now');
  });
  model.on('unblocked', () => {
    state.blocked = false;
    log.info({ instance }, 'the broker takes messages again');
  });
  model.on('error', (error: Error) =>
    log.warn({ instance, error: error.message }, 'the broker connection failed'),
  );
  return state;
}

function firstAttempt(model: RecoveringChannelModel): Promise<void> {
  return new Promise((resolve) => {
    model.once('connect', () => resolve());
    model.once('connect-failed', () => resolve());
  });
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parsed.toString();
}

function ignoreBecauseTheCallThrows(): void {}

const HEARTBEAT_SECONDS = 10;
const SOCKET = { noDelay: true, keepAlive: true, keepAliveDelay: 30_000, timeout: 10_000 };
