import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';
import type { Play } from './step.ts';
import { tellStory } from './story.ts';

/** Plays the whole story on a stage; true only if every step came true. `nowMs` is a clock that never goes back. */
export async function perform(stage: Stage, narrator: Narrator, nowMs: () => number): Promise<boolean> {
  const startedAt = nowMs();
  let steps = 0;
  const play: Play = async (step, given) => {
    steps += 1;
    narrator.begin(steps, step.title, step.why);
    const beganAt = nowMs();
    try {
      const { facts, value } = await step.act(stage, given);
      narrator.happened(step.name, Math.round(nowMs() - beganAt), facts);
      return value;
    } catch (error) {
      narrator.failed(step.name, Math.round(nowMs() - beganAt), reasonOf(error));
      throw error;
    }
  };
  const ok = await tellStory(play).then(
    () => true,
    () => false, // the step that broke off has told why
  );
  narrator.end(ok, steps, Math.round(nowMs() - startedAt));
  return ok;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
