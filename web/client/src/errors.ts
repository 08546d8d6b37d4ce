// Every error that the library throws or emits: a reason to switch on, and the server's code if there is one.

export enum ErrorReason {
  /** The server could not be reached at all. */
  ConnectionFailed = 'connection-failed',
  /** The connection broke while the request was under way. */
  ConnectionLost = 'connection-lost',
  /** No answer came in time. */
  Timeout = 'timeout',
  /** The object (client, session, handle, room) is closed already. */
  Closed = 'closed',
  /** The server refused: no or wrong token, secret, pin, or not allowed. */
  Unauthorized = 'unauthorized',
  /** The session is gone on the server; make a new one. */
  SessionLost = 'session-lost',
  RoomNotFound = 'room-not-found',
  RoomExists = 'room-exists',
  RoomFull = 'room-full',
  /** The person behind the feed is gone or does not publish any more. */
  FeedNotFound = 'feed-not-found',
  /** Any other error that the server answered; see `code`. */
  Server = 'server',
  /** Camera or microphone: the user or the system said no. */
  PermissionDenied = 'permission-denied',
  /** No camera or microphone was found. */
  DeviceMissing = 'device-missing',
  /** Another program uses the camera or microphone, or it does not start. */
  DeviceBusy = 'device-busy',
  /** The browser gives cameras to secure pages only (https or localhost). */
  InsecurePage = 'insecure-page',
  /** The browser and the server did not agree on a media connection. */
  MediaFailed = 'media-failed',
}

export class CardeaError extends Error {
  override readonly name = 'CardeaError';

  /**
   * @param reason what to switch on.
   * @param message a sentence for developers.
   * @param code the Janus error code (458 ...) or the plugin's (426 ...), if the server sent one.
   */
  constructor(
    readonly reason: ErrorReason,
    message: string,
    readonly code?: number,
  ) {
    super(message);
  }

  /** From an answer `{"janus": "error", "error": {code, reason}}`. */
  static fromJanus(code: number, text: string): CardeaError {
    return new CardeaError(janusReasons[code] ?? ErrorReason.Server, text, code);
  }

  /** From plugin data `{"error_code", "error"}`. Each plugin has its own numbers; those of VideoRoom are known. */
  static fromPlugin(plugin: string, code: number, text: string): CardeaError {
    const reasons = plugin.endsWith('.videoroom') ? videoRoomReasons : {};
    return new CardeaError(reasons[code] ?? ErrorReason.Server, text, code);
  }

  /** From what `getUserMedia` throws. */
  static fromMedia(error: unknown): CardeaError {
    const name = error instanceof Error ? error.name : '';
    const text = error instanceof Error ? error.message : String(error);
    return new CardeaError(mediaReasons[name] ?? ErrorReason.DeviceBusy, text || name);
  }
}

// Core codes of the Janus API; the plugins number their own errors from 411 on, so these are kept apart.
const janusReasons: Record<number, ErrorReason> = {
  403: ErrorReason.Unauthorized,
  405: ErrorReason.Unauthorized,
  458: ErrorReason.SessionLost,
};

const videoRoomReasons: Record<number, ErrorReason> = {
  426: ErrorReason.RoomNotFound,
  427: ErrorReason.RoomExists,
  428: ErrorReason.FeedNotFound,
  432: ErrorReason.RoomFull,
  433: ErrorReason.Unauthorized,
};

const mediaReasons: Record<string, ErrorReason> = {
  NotAllowedError: ErrorReason.PermissionDenied,
  SecurityError: ErrorReason.PermissionDenied,
  NotFoundError: ErrorReason.DeviceMissing,
  OverconstrainedError: ErrorReason.DeviceMissing,
  NotReadableError: ErrorReason.DeviceBusy,
  AbortError: ErrorReason.DeviceBusy,
};
