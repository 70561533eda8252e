// Loaded before everything else. Who imports `node:http` reads all of its exports, and these three load the whole of Node's `fetch`,
// some megabytes in each service; nobody here asks for them (ADR 0028).
const http = process.getBuiltinModule('node:http');
for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) Reflect.deleteProperty(http, name);
