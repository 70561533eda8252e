/** The name of each endpoint: its host, with a number where several share one. Nothing else of a URL is ever shown. */
export function endpointNames(urls: readonly string[]): readonly string[] {
  const hosts = urls.map((url) => new URL(url).host);
  return hosts.map((host, index) => {
    const earlier = hosts.slice(0, index).filter((other) => other === host).length;
    return earlier === 0 ? host : `${host}#${earlier + 1}`;
  });
}

const ANY_URL = /\b([a-z]+:\/\/)[^\s"'<>]+/gi;
/** Shorter parts of a path are names like `v3` or `rpc`. */
const SHORTEST_SECRET = 6;

/** Takes every URL, and every part of this one that may be a key, out of a text that is going to be shown. */
export function scrubber(url: string): (text: string) => string {
  const secrets = secretsOf(new URL(url));
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
      .replaceAll(ANY_URL, (_url, scheme: string) => `${scheme}***`);
}

function secretsOf({ pathname, search, username, password, searchParams }: URL): readonly string[] {
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values()];
  const whole = [pathname, search, `${pathname}${search}`].filter((text) => text.length > 1);
  const long = [...parts, ...parts.map(decoded)].filter((part) => part.length >= SHORTEST_SECRET);
  return [...new Set([...whole, ...long])].toSorted((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
