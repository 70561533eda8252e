/** The few things of a browser that the page uses; the DOM's own types would make their globals everybody's. */
export interface Field {
  value: string;
  textContent: string | null;
  className: string;
  readonly files?: FileChoice | null;
  addEventListener(
    type: 'input' | 'change' | 'dragover' | 'drop',
    listener: (event: FieldEvent) => void,
  ): void;
  replaceChildren(...children: readonly Field[]): void;
}

interface FileChoice {
  item(index: number): Pick<Blob, 'text'> | null;
}

interface FieldEvent {
  preventDefault(): void;
  readonly dataTransfer?: { readonly files: FileChoice };
}

/** A browser's document. */
export interface Page {
  getElementById(id: string): Field | null;
  createElement(tag: string): Field;
}
