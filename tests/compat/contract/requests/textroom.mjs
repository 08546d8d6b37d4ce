// Every documented request of TextRoom: through the API (`request`), and through a data channel
// (`as: 'channel'`, named by `textroom`). `room` is a new room with the secret "s" and `name` in it.
export const plugin = 'janus.plugin.textroom';

const room = { room: 'id!' };
const managed = { room: 'id!', secret: 'text!' };

const kManaging = [
  {
    request: 'create',
    fields: {
      room: 'id', description: 'text', secret: 'text', pin: 'text', is_private: 'flag',
      history: 'number', post: 'text', permanent: 'flag', allowed: 'list',
    },
    body: (at) => ({ room: at.room + 5000, is_private: true, description: 'new', history: 3 }),
    also: { 'the room is there': { room: 1234 }, 'a token is a number': { allowed: [7] },
      'for good': { permanent: true },
    },
  },
  {
    request: 'edit',
    fields: {
      ...managed, new_description: 'text', new_secret: 'text', new_pin: 'text',
      new_is_private: 'flag', new_post: 'text', permanent: 'flag',
    },
    body: (at) => ({ room: at.room, secret: 's', new_description: 'n', new_pin: 'p' }),
    also: { 'for good': { permanent: true } },
  },
  {
    request: 'destroy', fields: { ...managed, permanent: 'flag' },
    body: (at) => ({ room: at.room, secret: 's' }), also: { 'for good': { permanent: true } },
  },
  { request: 'exists', fields: room, body: (at) => ({ room: at.room }) },
  { request: 'list', fields: { admin_key: 'text' }, body: () => ({}) },
  { request: 'listparticipants', fields: room, body: (at) => ({ room: at.room }) },
  {
    request: 'allowed', fields: { ...managed, action: 'text!', allowed: 'list' },
    body: (at) => ({ room: at.room, secret: 's', action: 'add', allowed: ['a'] }),
    also: {
      'unknown action': { action: 'x' }, enable: { action: 'enable' }, disable: { action: 'disable' },
      remove: { action: 'remove' }, 'a token is a number': { allowed: [7] },
    },
  },
  {
    request: 'kick', fields: { ...managed, username: 'text!' },
    body: (at) => ({ room: at.room, secret: 's', username: at.name }),
    also: { nobody: { username: 'nobody' } },
  },
  {
    request: 'announcement', fields: { ...managed, text: 'text!' },
    body: (at) => ({ room: at.room, secret: 's', text: 'hear' }),
  },
];

const kTalking = [
  {
    request: 'join',
    fields: {
      ...room, username: 'text!', display: 'text', pin: 'text', token: 'text', history: 'flag',
    },
    body: (at) => ({ room: at.room, username: 'joins', display: 'Joins' }),
    also: { 'the name is taken': { username: 'me' }, 'without the history': { history: false } },
  },
  {
    request: 'message',
    fields: { ...room, text: 'text!', to: 'text', tos: 'list', ack: 'flag' },
    body: (at) => ({ room: at.room, text: 'hello' }),
    also: {
      'to nobody': { to: 'nobody' }, 'to one': { to: 'me' }, 'to some': { tos: ['me'] },
      'to and tos': { to: 'me', tos: ['me'] }, 'in a room not joined': { room: 1234 },
    },
  },
  { request: 'leave', fields: room, body: (at) => ({ room: at.room }) },
];

export const requests = [
  { request: 'setup', as: 'handle', body: () => ({}) },
  { request: 'ack', as: 'handle', body: () => ({}) },
  { request: 'restart', as: 'handle', body: () => ({}) },
  { request: 'nonsense', title: '(an unknown request)', as: 'handle', body: () => ({}) },
  ...kManaging.map((request) => ({ ...request, as: 'handle' })),
  ...kTalking.map((request) => ({ ...request, as: 'handle' })),
  ...[...kManaging, ...kTalking].map((request) => ({
    ...request, as: 'channel', title: `${request.request} on a data channel`,
  })),
];
