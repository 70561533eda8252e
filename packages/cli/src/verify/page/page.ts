import { present } from '@ironforge/kernel';
import type { Field, Page } from './dom.ts';
import { type Given, judge, type Shown } from './judge.ts';

declare const document: Page;

const NAMES = ['bundle', 'key', 'witness', 'since', 'immudb'] as const;

for (const name of NAMES) listen(field(name), field(`${name}-file`));
show();

/** A text box takes what is typed, pasted, dropped on it, or chosen as a file beside it. */
function listen(box: Field, chooser: Field): void {
  const take = async (files: Field['files']): Promise<void> => {
    box.value = (await files?.item(0)?.text()) ?? box.value;
    show();
  };
  box.addEventListener('input', show);
  chooser.addEventListener('change', () => void take(chooser.files));
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', (event) => {
    const files = event.dataTransfer?.files;
    if (!files?.item(0)) return;
    event.preventDefault();
    void take(files);
  });
}

function show(): void {
  const shown = judge(given());
  const sentence = field('sentence');
  sentence.className = shown.state;
  sentence.textContent = shown.sentence;
  field('parts').replaceChildren(...rowsOf(shown));
}

function given(): Given {
  const [bundle, key, witness, since, immudb] = NAMES.map((name) => field(name).value);
  return {
    bundle: bundle ?? '',
    key: key ?? '',
    witness: witness ?? '',
    since: since ?? '',
    immudb: immudb ?? '',
  };
}

function rowsOf(shown: Shown): Field[] {
  if (shown.state === 'waiting') return [];
  return shown.parts.map(({ name, state, text }) => {
    const row = document.createElement('tr');
    row.className = state.replace(' ', '-');
    row.replaceChildren(...[name, state, text].map(cellOf));
    return row;
  });
}

function cellOf(text: string): Field {
  const cell = document.createElement('td');
  cell.textContent = text;
  return cell;
}

function field(id: string): Field {
  return present(document.getElementById(id), id);
}
