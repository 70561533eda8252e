import {
  type Envelope,
  EVENTS,
  type EventData,
  type EventType,
  envelope,
  isEventType,
} from '@ironforge/contracts';
import type { z } from 'zod';

/** An event whose envelope and data were parsed. */
export type DomainEvent<T extends EventType = EventType> = Omit<Envelope, 'type' | 'data'> & {
  readonly type: T;
  readonly data: EventData<T>;
};

/** Why a message tells no event. */
export interface Unread {
  readonly malformed: string;
  /** Whoever told it may be newer than this process. */
  readonly isOfUnknownType: boolean;
}

/** Parses a message into the event it carries, or says why it is none (the reason a message is dead for). */
export function parseEvent(body: unknown): DomainEvent | Unread {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return broken(reasonOf(parsed.error));
  const { type } = parsed.data;
  if (!isEventType(type)) return { malformed: `unknown event type ${type}`, isOfUnknownType: true };
  const data = EVENTS[type].safeParse(parsed.data.data);
  if (!data.success) return broken(`${type}: ${reasonOf(data.error)}`);
  return { ...parsed.data, type, data: data.data };
}

function broken(malformed: string): Unread {
  return { malformed, isOfUnknownType: false };
}

/** The first finding by its place; values stay out, they could be anything. */
function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'malformed' : `/${issue.path.map(String).join('/')}: ${issue.message}`;
}
