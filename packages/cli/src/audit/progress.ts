const STEPS = 20;

/** Tells how far a long reading is, as a bar, each time that it is a twentieth further. */
export function createProgress(say: (line: string) => void): (done: number, all: number) => void {
  let told = 0;
  return (done, all) => {
    const steps = Math.floor((done / all) * STEPS);
    if (steps === told) return;
    told = steps;
    const bar = '#'.repeat(steps).padEnd(STEPS, '.');
    say(`[${bar}] ${done.toLocaleString('en')} of ${all.toLocaleString('en')} entries`);
  };
}
