// The whole public surface of @cardea/client. What is not exported here is internal.
export { Client, type ClientEvents, type ClientOptions, type ClientState } from './client';
export { Session, type SessionEvents } from './session';
export { Handle, type HandleEvents } from './handle';
export type { Jsep, Reply } from './messages';
export { CardeaError, ErrorReason } from './errors';
export { consoleLogger, silentLogger, type Logger } from './log';
export { Emitter } from './events';
export { WebSocketTransport } from './transport/websocket';
export { HttpTransport } from './transport/http';
export type { Transport, TransportFactory, TransportListener } from './transport/transport';
export { Room, type JoinOptions, type RoomEvents, type RoomState } from './room/room';
export { Participant, type ParticipantEvents } from './room/participant';
export { roomIdFromName } from './room/room_id';
export { listDevices, openMedia, stopMedia, type MediaRequest } from './media/devices';
export { summarize, type MediaSummary } from './media/stats';
