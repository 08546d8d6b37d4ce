// Requests on servers where tokens are signed and rooms and participants have names (`string_ids`).
import { createHmac } from 'node:crypto';

const videoroom = 'janus.plugin.videoroom';
const textroom = 'janus.plugin.textroom';

export const tokenSecret = 'between the servers';

/** A token as a back end signs it: good for `seconds`. */
export function sign(realm, words, seconds = 3600) {
  const text = [Math.floor(Date.now() / 1000) + seconds, realm, ...words].join(',');
  return `${text}:${createHmac('sha1', tokenSecret).update(text).digest('base64')}`;
}

const named = (request) => ({ ...request, title: `${request.request} with names`, plugin: videoroom });
const secret = { secret: 'text!' };

export const requests = [
  ...[
    {
      request: 'create', as: 'guest', fields: { room: 'text' },
      body: ({ room }) => ({ room: `${room} too`, is_private: true }),
      also: { 'no name': { room: undefined } },
    },
    { request: 'exists', as: 'guest', fields: { room: 'text!' }, body: ({ room }) => ({ room }) },
    {
      request: 'join', as: 'guest', fields: { room: 'text!', id: 'text' },
      body: ({ room }) => ({ room, ptype: 'publisher', id: 'somebody' }),
      also: { 'no name': { id: undefined } },
    },
    {
      request: 'listparticipants', as: 'publisher', fields: { room: 'text!' },
      body: ({ room }) => ({ room }),
    },
    {
      // Without a good `room` it ends janus 1.1.2.
      request: 'kick', as: 'publisher', fields: { ...secret, id: 'text!' },
      body: ({ room }) => ({ room, secret: 's', id: 'me' }), also: { nobody: { id: 'nobody' } },
    },
    {
      request: 'destroy', as: 'guest', fields: { room: 'text!', ...secret },
      body: ({ room }) => ({ room, secret: 's' }),
    },
  ].map(named),
  {
    request: 'join', title: 'join as a subscriber with names', plugin: videoroom, as: 'guest',
    fields: { feed: 'text' }, body: ({ room }) => ({ room, ptype: 'subscriber', feed: 'nobody' }),
    also: { 'in streams': { streams: [{ feed: 7 }] } },
  },
  {
    request: 'join', title: 'join with a signed token', plugin: videoroom, as: 'guest',
    room: { signed_tokens: true }, fields: { token: 'text!' },
    body: ({ room }) => ({
      room, ptype: 'publisher', id: 'somebody', token: sign(videoroom, [`room=${room}`]),
    }),
    also: {
      'another room': { token: sign(videoroom, ['room=other']) },
      'another realm': { token: sign('janus', [videoroom]) },
      'no room': { token: sign(videoroom, []) },
    },
  },
  {
    request: 'create', title: 'create with names', plugin: textroom, as: 'handle', fields: { room: 'text' },
    body: ({ room }) => ({ room: `${room} too`, is_private: true }),
    also: { 'no name': { room: undefined } },
  },
  {
    request: 'exists', title: 'exists with names', plugin: textroom, as: 'handle', fields: { room: 'text!' },
    body: ({ room }) => ({ room }),
  },
  {
    request: 'destroy', title: 'destroy with names', plugin: textroom, as: 'handle',
    fields: { room: 'text!', ...secret }, body: ({ room }) => ({ room, secret: 's' }),
  },
];
