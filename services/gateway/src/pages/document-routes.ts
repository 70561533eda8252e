import { appError, asyncApiDocument, openApiDocument } from '@ironforge/contracts';
import type { Mounted } from '@ironforge/service-kit';
import type { RequestHandler } from 'express';
import { errorList, errorPage } from './error-pages.ts';
import { STYLE, STYLE_PATH } from './page.ts';
import { referencePage } from './reference.ts';

/** The gateway's own documents: OpenAPI, AsyncAPI, reference, error codes. Each is made when it is first asked for. */
export function documentRoutes(publicUrl: string): Mounted[] {
  return [
    document('/v1/openapi.json', 'application/json', () => JSON.stringify(openApiDocument(publicUrl))),
    document('/v1/asyncapi.json', 'application/json', () => JSON.stringify(asyncApiDocument())),
    document('/docs', 'text/html', referencePage),
    document(STYLE_PATH, 'text/css', () => STYLE),
    document('/errors', 'text/html', errorList),
    { method: 'GET', path: '/errors/{code}', handlers: [showError] },
  ];
}

function document(path: string, type: string, write: () => string): Mounted {
  let text: string | null = null;
  const send: RequestHandler = (_request, response) => {
    text ??= write();
    response.type(type).send(text);
  };
  return { method: 'GET', path, handlers: [send] };
}

const showError: RequestHandler = (request, response) => {
  const shown = errorPage(String(request.params['code']));
  if (shown === null) throw appError('not_found');
  response.type('text/html').send(shown);
};
