// Every request of the Admin API. `session` and `handle` are new ones of the Janus API, of EchoTest.
// `on: 'locked'`: against the servers with stored tokens.
const secret = { admin_secret: 'text!' };
const inSession = { ...secret, session_id: 'id!' };
const inHandle = { ...inSession, handle_id: 'id!' };
const atSession = ({ session }) => ({ session_id: session });
const at = ({ session, handle }) => ({ session_id: session, handle_id: handle });
const strangers = { 'unknown session': { session_id: 4711 } };
const strangersInHandle = { ...strangers, 'unknown handle': { handle_id: 4711 } };

/** A setter of one value. */
const setter = (verb, key, type, value) => ({
  verb, fields: { ...secret, [key]: `${type}!` }, body: () => ({ [key]: value }),
});

const kPlugins = ['janus.plugin.echotest'];
const token = (verb, fields, extra = {}, also = {}) => ({
  verb, on: 'locked', fields: { ...secret, token: 'text!', ...fields },
  before: ({ admin, serial }) => admin.quietly({
    janus: 'add_token', token: `token ${serial}`, plugins: [...kPlugins, 'janus.plugin.videoroom'],
  }),
  body: ({ serial }) => ({ token: `token ${serial}`, ...extra }),
  also: { 'unknown token': { token: 'nobody has it' }, ...also },
});
const plugins = {
  'no plugins': { plugins: [] }, 'an unknown plugin': { plugins: ['no.such'] },
  'a plugin is a number': { plugins: [4] },
};

export const requests = [
  { verb: 'info', body: () => ({}) },
  { verb: 'ping', body: () => ({}) },
  { verb: 'nonsense', title: '(an unknown request)', fields: secret, body: () => ({}) },
  { verb: 'loops_info', fields: secret, body: () => ({}) },
  { verb: 'get_status', fields: secret, body: () => ({}) },
  setter('set_session_timeout', 'timeout', 'number', 60),
  {
    ...setter('set_log_level', 'level', 'number', 4), also: { 'a level beyond': { level: 77 } },
  },
  setter('set_log_timestamps', 'timestamps', 'flag', true),
  setter('set_log_colors', 'colors', 'flag', false),
  setter('set_locking_debug', 'debug', 'flag', false),
  setter('set_refcount_debug', 'debug', 'flag', false),
  setter('set_libnice_debug', 'debug', 'flag', false),
  setter('set_min_nack_queue', 'min_nack_queue', 'number', 200),
  setter('set_no_media_timer', 'no_media_timer', 'number', 1),
  setter('set_slowlink_threshold', 'slowlink_threshold', 'number', 0),
  setter('accept_new_sessions', 'accept', 'flag', true),
  { verb: 'add_token', title: 'add_token, without stored tokens', fields: secret, body: () => ({ token: 'x' }) },
  { verb: 'list_tokens', title: 'list_tokens, without stored tokens', fields: secret, body: () => ({}) },
  {
    verb: 'add_token', on: 'locked', fields: { ...secret, token: 'text!', plugins: 'list' },
    body: ({ serial }) => ({ token: `new ${serial}`, plugins: kPlugins }), also: plugins,
  },
  token('allow_token', { plugins: 'list!' }, { plugins: kPlugins }, plugins),
  token('disallow_token', { plugins: 'list!' }, { plugins: kPlugins }, plugins),
  { verb: 'list_tokens', on: 'locked', fields: secret, body: () => ({}) },
  token('remove_token', {}),
  { verb: 'list_sessions', fields: secret, body: () => ({}) },
  { verb: 'list_handles', fields: inSession, body: atSession, also: strangers },
  {
    verb: 'handle_info', fields: { ...inHandle, plugin_only: 'flag' }, body: at,
    also: { ...strangersInHandle, 'of the plugin only': { plugin_only: true } },
  },
  {
    verb: 'handle_info', title: 'handle_info of a connection', fields: secret, as: 'publishing', body: at,
  },
  {
    verb: 'message_plugin', fields: { ...secret, plugin: 'text!', request: 'object!' },
    body: () => ({ plugin: 'janus.plugin.videoroom', request: { request: 'list' } }),
    also: {
      'unknown plugin': { plugin: 'no.such' },
      'to EchoTest': { plugin: 'janus.plugin.echotest', request: { request: 'x' } },
      'a bad request': { request: { request: 'nonsense' } },
      'an asynchronous request': { request: { request: 'join' } },
      'create without a secret': { request: { request: 'create', room: 'x' } },
      'TextRoom lists, named as on data channels': {
        plugin: 'janus.plugin.textroom', request: { textroom: 'list' },
      },
      'TextRoom lists': { plugin: 'janus.plugin.textroom', request: { request: 'list' } },
    },
  },
  {
    verb: 'query_transport', fields: { ...secret, transport: 'text!', request: 'object!' },
    body: () => ({ transport: 'janus.transport.websockets', request: { request: 'x' } }),
    also: {
      'unknown transport': { transport: 'no.such' }, 'over HTTP': { transport: 'janus.transport.http' },
      configure: { request: { request: 'configure', json: 'compact' } },
      'configure over HTTP': {
        transport: 'janus.transport.http', request: { request: 'configure', json: 'compact' },
      },
      'connections over HTTP': { transport: 'janus.transport.http', request: { request: 'connections' } },
      'the request is a number': { request: { request: 4 } },
      connections: { request: { request: 'connections' } },
      'an empty request': { request: {} },
    },
  },
  {
    verb: 'query_eventhandler', fields: { ...secret, handler: 'text!', request: 'object!' },
    body: () => ({ handler: 'janus.eventhandler.sampleevh', request: { request: 'tweak', events: 'none' } }),
    also: {
      'unknown handler': { handler: 'no.such' }, 'a bad request': { request: { request: 'x' } },
      'an empty request': { request: {} },
    },
  },
  {
    verb: 'custom_event', fields: { ...secret, schema: 'text!', data: 'object!' },
    body: () => ({ schema: 'mine', data: { a: 1 } }),
  },
  {
    verb: 'custom_logline', fields: { ...secret, line: 'text!', level: 'number' },
    body: () => ({ line: 'a line', level: 4 }), also: { 'a level beyond': { level: 77 } },
  },
  {
    verb: 'resolve_address', on: 'locked', fields: { ...secret, address: 'text!' },
    body: () => ({ address: '127.0.0.1' }), also: { unknown: { address: 'no.such.host.invalid' } },
  },
  {
    verb: 'test_stun', on: 'locked',
    fields: { ...secret, address: 'text!', port: 'number!', localport: 'number' },
    body: ({ stunPort }) => ({ address: '127.0.0.1', port: stunPort }),
    also: { 'port 0': { port: 0 }, unknown: { address: 'no.such.host.invalid' } },
  },
  {
    verb: 'start_pcap', as: 'publishing',
    fields: { ...inHandle, folder: 'text', filename: 'text', truncate: 'number' },
    body: (context) => ({ ...at(context), filename: `cardea-${context.serial}` }),
    also: { ...strangersInHandle, 'a folder of its own': { folder: '/tmp' }, 'cut short': { truncate: 100 } }, after: ({ admin, ...context }) => admin.quietly({ janus: 'stop_pcap', ...at(context) }),
  },
  {
    verb: 'start_text2pcap', as: 'publishing',
    fields: { ...inHandle, folder: 'text', filename: 'text', truncate: 'number' },
    body: (context) => ({ ...at(context), filename: `cardea-${context.serial}` }),
    also: { ...strangersInHandle, 'a folder of its own': { folder: '/tmp' }, 'cut short': { truncate: 100 } },
    after: ({ admin, ...context }) => admin.quietly({ janus: 'stop_text2pcap', ...at(context) }),
  },
  { verb: 'stop_pcap', fields: inHandle, body: at, also: strangersInHandle },
  { verb: 'stop_text2pcap', fields: inHandle, body: at, also: strangersInHandle },
  { verb: 'hangup_webrtc', fields: inHandle, body: at, also: strangersInHandle },
  { verb: 'detach_handle', fields: inHandle, body: at, also: strangersInHandle },
  { verb: 'destroy_session', fields: inSession, body: atSession, also: strangers },
];
