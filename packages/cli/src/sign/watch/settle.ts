import type { LeftAlone } from './left-alone.ts';
import type { Task } from './find-tasks.ts';
import type { News } from './news.ts';
import type { TaskOutcome } from './take-task.ts';

/** Where an outcome is noted. */
export interface Notes {
  readonly leftAlone: LeftAlone;
  readonly tell: (news: News) => void;
  readonly nowMs: number;
}

/** Says what became of a task, once, and leaves one alone that was not signed. */
export function settle({ leftAlone, tell, nowMs }: Notes, task: Task, outcome: TaskOutcome): void {
  const { id, kind, transactionId } = task;
  if ('signed' in outcome) {
    leftAlone.forget(id);
    tell({ event: 'signed', kind, ...outcome.signed });
  } else if ('refused' in outcome) {
    const { refused: why } = outcome;
    if (leftAlone.leave(id, why, nowMs)) tell({ event: 'refused', kind, transactionId, why });
  } else {
    const { code, message: why } = outcome.postponed;
    if (leftAlone.leave(id, code, nowMs)) tell({ event: 'postponed', kind, transactionId, code, why });
  }
}
