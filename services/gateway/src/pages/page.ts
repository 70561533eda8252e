import { type Html, html } from './html.ts';

/** Where the style sheet of all pages is. */
export const STYLE_PATH = '/docs/style.css';

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>${body}</body>
</html>`.html;
}

/** The style of all pages, light and dark. */
export const STYLE = `:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #161b22); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h2 { border-bottom: 1px solid var(--line); padding-bottom: .3rem; margin-top: 2.5rem; }
article { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .2rem 1rem 1rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--soft); padding: .8rem; overflow: auto; border-radius: 6px; }
summary { cursor: pointer; padding: .3rem 0; }
nav ul { columns: 2; list-style: none; padding: 0; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
`;
