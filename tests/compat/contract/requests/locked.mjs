// What needs the key of the administrator, on servers that ask for it; `plugin` of each request.
const videoroom = 'janus.plugin.videoroom';
const textroom = 'janus.plugin.textroom';
const key = { admin_key: 'text!' };

export const requests = [
  {
    request: 'create', title: 'create with an admin_key', plugin: videoroom, as: 'handle', fields: key,
    body: ({ serial }) => ({ room: serial + 7000, admin_key: 'key', is_private: true }),
  },
  {
    request: 'list', title: 'list with an admin_key', plugin: videoroom, as: 'handle', fields: key,
    body: () => ({ admin_key: 'key' }),
  },
  {
    request: 'rtp_forward', title: 'rtp_forward with an admin_key', plugin: videoroom, as: 'guest',
    fields: key,
    body: ({ room }) => ({
      room, publisher_id: 1, secret: 's', host: '127.0.0.1', streams: [{ mid: '0', port: 5002 }],
      admin_key: 'key',
    }),
  },
  {
    request: 'create', title: 'create with an admin_key', plugin: textroom, as: 'handle', fields: key,
    body: ({ serial }) => ({ room: serial + 7000, admin_key: 'key', is_private: true }),
  },
  {
    request: 'list', title: 'list with an admin_key', plugin: textroom, as: 'handle', fields: key,
    body: () => ({ admin_key: 'key' }),
  },
];
