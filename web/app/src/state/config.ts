// Where the server is, and which room the address of the page names.

const defaultWebSocketPort = 8188;

/** The WebSocket address: `?ws=` in the page's own address, else what the server's /cardea.json says, else port 8188. */
export async function findServer(location: Location, get: typeof fetch = fetch): Promise<string> {
  const override = new URLSearchParams(location.search).get('ws');
  if (override && /^wss?:\/\//.test(override)) {
    return override;
  }
  try {
    const response = await get(new URL('cardea.json', location.href));
    const config = response.ok ? ((await response.json()) as { websocket_url?: unknown }) : {};
    if (typeof config.websocket_url === 'string') {
      return absoluteWebSocketUrl(config.websocket_url, location);
    }
  } catch {
    // Servers that do not serve that file listen where Janus does.
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.hostname}:${defaultWebSocketPort}`;
}

/** The room named by `?room=` or by `#room`; empty if none is. */
export function roomFromAddress(location: Location): string {
  const query = new URLSearchParams(location.search).get('room');
  return (query ?? decode(location.hash.slice(1))).trim();
}

/** The address to give to others. */
export function linkToRoom(location: Location, room: string): string {
  const url = new URL(location.href);
  url.hash = '';
  url.searchParams.set('room', room);
  return url.href;
}

function absoluteWebSocketUrl(text: string, location: Location): string {
  const url = new URL(text, location.href);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  return url.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
