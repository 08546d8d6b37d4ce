// The shapes of the Janus API messages that the library reads and writes.

/** A session description as it travels beside a plugin message. */
export interface Jsep {
  type: 'offer' | 'answer' | 'rollback' | 'pranswer';
  sdp: string;
  [extra: string]: unknown;
}

export interface PluginData {
  plugin: string;
  data: Record<string, unknown>;
}

/** Any message from the server. */
export interface ServerMessage {
  janus: string;
  transaction?: string;
  session_id?: number;
  sender?: number;
  data?: Record<string, unknown>;
  plugindata?: PluginData;
  jsep?: Jsep;
  error?: { code: number; reason: string };
  candidate?: RTCIceCandidateInit & { completed?: boolean };
  [extra: string]: unknown;
}

/** A message to the server, before transaction, token and secret are added. */
export interface ClientMessage {
  janus: string;
  session_id?: number;
  handle_id?: number;
  [extra: string]: unknown;
}

/** What a plugin answered to a message: its data, and a description if the answer carries one. */
export interface Reply {
  data: Record<string, unknown>;
  jsep?: Jsep;
}

/** Reads one server message; undefined if the text is not one. */
export function parseMessage(text: string): ServerMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'janus' in value) {
      return value as ServerMessage;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
