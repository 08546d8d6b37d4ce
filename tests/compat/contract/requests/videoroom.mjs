// Every documented request of VideoRoom. `as` says on which handle it is sent:
//   guest       one that is in no room; `room` is a new room with the secret "s"
//   publisher   one that has joined the new room
//   subscriber  one that has subscribed to `feed` in `room`, and has not answered the offer
//   published   as guest, but `room` has a publisher with a connection, `feed`
//   publishing  the handle of that publisher
//   leaving     one that publishes through a connection of its own
export const plugin = 'janus.plugin.videoroom';

const kRoomSettings = {
  description: 'text', pin: 'text', is_private: 'flag', allowed: 'list', require_pvtid: 'flag',
  signed_tokens: 'flag', publishers: 'number', bitrate: 'number', bitrate_cap: 'flag',
  fir_freq: 'number', audiocodec: 'text', videocodec: 'text', vp9_profile: 'text',
  h264_profile: 'text', opus_fec: 'flag', opus_dtx: 'flag', video_svc: 'flag',
  audiolevel_ext: 'flag', audiolevel_event: 'flag', audio_active_packets: 'number',
  audio_level_average: 'number', videoorient_ext: 'flag', playoutdelay_ext: 'flag',
  transport_wide_cc_ext: 'flag', record: 'flag', rec_dir: 'text', lock_record: 'flag',
  notify_joining: 'flag', require_e2ee: 'flag', dummy_publisher: 'flag', dummy_streams: 'list',
  permanent: 'flag',
};

const kPublish = {
  audiocodec: 'text', videocodec: 'text', bitrate: 'number', record: 'flag', filename: 'text',
  display: 'text', audio_level_average: 'number', audio_active_packets: 'number',
  descriptions: 'list', keyframe: 'flag', audio: 'flag', video: 'flag', data: 'flag',
};

const kForward = {
  mid: '1', port: 5004, ssrc: 77, pt: 96,
};

const badStream = (members, key = 'streams') => ({ [key]: [members] });

export const requests = [
  {
    request: 'create', as: 'guest', fields: { room: 'id', secret: 'text', ...kRoomSettings },
    body: ({ room }) => ({ room: room + 5000, is_private: true }),
    also: {
      'the room is there': { room: 1234 },
      'recordings outside of their folder': { rec_dir: '/tmp' },
      'all settings': {
        description: 'All', secret: 's', pin: 'p', publishers: 9, bitrate: 128000, bitrate_cap: true,
        fir_freq: 5, audiocodec: 'opus,pcmu', videocodec: 'vp8,h264,vp9', opus_fec: true,
        opus_dtx: true, audiolevel_event: true, audio_active_packets: 50, audio_level_average: 40,
        record: false, rec_dir: 'somewhere', lock_record: true, notify_joining: true,
        require_pvtid: true, require_e2ee: true, allowed: ['a'], signed_tokens: true,
        vp9_profile: '2', h264_profile: '42e01f', video_svc: true, audiolevel_ext: false,
        videoorient_ext: false, playoutdelay_ext: false, transport_wide_cc_ext: false,
      },
      'for good': { permanent: true },
      'a dummy publisher': { dummy_publisher: true, dummy_streams: [{ codec: 'vp8' }] },
      'a token is a number': { allowed: [7] },
    },
  },
  {
    request: 'edit', as: 'guest',
    fields: {
      room: 'id!', secret: 'text!', new_description: 'text', new_secret: 'text', new_pin: 'text',
      new_is_private: 'flag', new_require_pvtid: 'flag', new_bitrate: 'number',
      new_fir_freq: 'number', new_publishers: 'number', new_lock_record: 'flag',
      new_rec_dir: 'text', permanent: 'flag',
    },
    body: ({ room }) => ({
      room, secret: 's', new_description: 'n', new_secret: 't', new_pin: 'p', new_is_private: true,
      new_require_pvtid: true, new_bitrate: 64000, new_fir_freq: 3, new_publishers: 4,
      new_lock_record: true, new_rec_dir: 'somewhere',
    }),
    also: { 'for good': { permanent: true } },
  },
  {
    request: 'destroy', as: 'guest', fields: { room: 'id!', secret: 'text!', permanent: 'flag' },
    body: ({ room }) => ({ room, secret: 's' }), also: { 'for good': { permanent: true } },
  },
  { request: 'exists', as: 'guest', fields: { room: 'id!' }, body: ({ room }) => ({ room }) },
  { request: 'list', as: 'guest', fields: { admin_key: 'text' }, body: () => ({}) },
  {
    request: 'allowed', as: 'guest',
    fields: { room: 'id!', secret: 'text!', action: 'text!', allowed: 'list' },
    body: ({ room }) => ({ room, secret: 's', action: 'add', allowed: ['a', 'b'] }),
    also: {
      'unknown action': { action: 'x' }, enable: { action: 'enable' }, disable: { action: 'disable' },
      remove: { action: 'remove' }, 'a token is a number': { allowed: [7] },
    },
  },
  {
    request: 'kick', as: 'published', fields: { room: 'id!', secret: 'text!', id: 'id!' },
    body: ({ room, attendee }) => ({ room, secret: 's', id: attendee }),
    also: { nobody: { id: 987654 } },
  },
  {
    request: 'moderate', as: 'published',
    fields: { room: 'id!', secret: 'text!', id: 'id!', mid: 'text!', mute: 'flag!' },
    body: ({ room, feed }) => ({ room, secret: 's', id: feed, mid: '0', mute: false }),
    // Not an unknown mid: janus 1.1.2 then answers nobody in that room any more.
    also: { nobody: { id: 987654 } },
  },
  {
    request: 'enable_recording', as: 'published',
    fields: { room: 'id!', secret: 'text!', record: 'flag!' },
    body: ({ room }) => ({ room, secret: 's', record: false }),
  },
  {
    request: 'listparticipants', as: 'published', fields: { room: 'id!' },
    body: ({ room }) => ({ room }),
  },
  {
    request: 'listforwarders', as: 'published', fields: { room: 'id!', secret: 'text!' },
    body: ({ room }) => ({ room, secret: 's' }),
  },
  {
    request: 'rtp_forward', as: 'published',
    fields: {
      room: 'id!', publisher_id: 'id!', secret: 'text!', host: 'text!', host_family: 'text',
      streams: 'list!', srtp_suite: 'number', srtp_crypto: 'text',
    },
    body: ({ room, feed }) => ({
      room, publisher_id: feed, secret: 's', host: '127.0.0.1', streams: [kForward],
    }),
    also: {
      'unknown publisher': { publisher_id: 987654 },
      'unknown mid': badStream({ ...kForward, mid: '77' }),
      'stream without a mid': badStream({ port: 5004 }),
      'stream without a port': badStream({ mid: '1' }),
      'port is text': badStream({ ...kForward, port: 'x' }),
      'port is too large': badStream({ ...kForward, port: 70000 }),
      'payload type is text': badStream({ ...kForward, pt: 'x' }),
      'SSRC is text': badStream({ ...kForward, ssrc: 'x' }),
      'unknown family': { host_family: 'ipv9' },
      'SRTP without a key': { srtp_suite: 80 },
      'unknown suite': { srtp_suite: 5, srtp_crypto: 'PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR' },
      'with SRTP': { srtp_suite: 80, srtp_crypto: 'PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR' },
      'two streams': { streams: [{ mid: '0', port: 5002 }, { mid: '1', port: 5006 }] },
      'the old way': { streams: undefined, audio_port: 5002, video_port: 5004 },
      'no streams': { streams: [] },
      'hosts of the streams': {
        host: undefined, streams: [{ ...kForward, host: '127.0.0.1', host_family: 'ipv4' }],
      },
      'no host at all': { host: undefined },
      'host of a stream is a number': badStream({ ...kForward, host: 4 }),
      'mid is a number': badStream({ ...kForward, mid: 1 }),
      'with RTCP': badStream({ ...kForward, rtcp_port: 5005 }),
      'RTCP port is text': badStream({ ...kForward, rtcp_port: 'x' }),
      'as a viewer': badStream({ ...kForward, simulcast: true }),
      'simulcast is text': badStream({ ...kForward, simulcast: 'x' }),
      'each size by itself': badStream({
        ...kForward, port_2: 5014, ssrc_2: 78, pt_2: 97, port_3: 5024, ssrc_3: 79, pt_3: 98,
      }),
      'second port is text': badStream({ ...kForward, port_2: 'x' }),
      'third SSRC is text': badStream({ ...kForward, port_3: 5024, ssrc_3: 'x' }),
    },
    after: async ({ room, feed, handle, data }) => {
      for (const { stream_id } of data.forwarders ?? []) {
        await handle.quietly({
          request: 'stop_rtp_forward', room, publisher_id: feed, secret: 's', stream_id,
        });
      }
    },
  },
  {
    request: 'stop_rtp_forward', as: 'published',
    fields: { room: 'id!', publisher_id: 'id!', secret: 'text!', stream_id: 'id!' },
    before: async ({ room, feed, handle }) => {
      const { forwarders } = await handle.quietly({
        request: 'rtp_forward', room, publisher_id: feed, secret: 's', host: '127.0.0.1',
        streams: [kForward],
      });
      return { stream: forwarders?.[0].stream_id };
    },
    body: ({ room, feed, stream }) => ({ room, publisher_id: feed, secret: 's', stream_id: stream }),
    also: { 'unknown publisher': { publisher_id: 987654 }, 'unknown stream': { stream_id: 987654 } },
  },
  {
    request: 'publish_remotely', as: 'published',
    fields: {
      room: 'id!', secret: 'text!', publisher_id: 'id!', remote_id: 'text!', host: 'text!',
      port: 'number!', rtcp_port: 'number', srtp_suite: 'number', srtp_crypto: 'text',
    },
    body: ({ room, feed, serial }) => ({
      room, secret: 's', publisher_id: feed, remote_id: `remote ${serial}`, host: '127.0.0.1',
      port: 5100,
    }),
    also: { 'unknown publisher': { publisher_id: 987654 } },
    after: ({ room, feed, serial, handle }) => handle.quietly({
      request: 'unpublish_remotely', room, secret: 's', publisher_id: feed, remote_id: `remote ${serial}`,
    }),
  },
  {
    request: 'list_remotes', as: 'published',
    fields: { room: 'id!', secret: 'text!', publisher_id: 'id!' },
    body: ({ room, feed }) => ({ room, secret: 's', publisher_id: feed }),
    also: { 'unknown publisher': { publisher_id: 987654 } },
  },
  {
    request: 'unpublish_remotely', as: 'published',
    fields: { room: 'id!', secret: 'text!', publisher_id: 'id!', remote_id: 'text!' },
    before: async ({ room, feed, serial, handle }) => {
      await handle.quietly({
        request: 'publish_remotely', room, secret: 's', publisher_id: feed,
        remote_id: `leaves ${serial}`, host: '127.0.0.1', port: 5200,
      });
    },
    body: ({ room, feed, serial }) => ({
      room, secret: 's', publisher_id: feed, remote_id: `leaves ${serial}`,
    }),
    also: { 'unknown remote': { remote_id: 'x' }, 'unknown publisher': { publisher_id: 987654 } },
    after: ({ room, feed, serial, handle }) => handle.quietly({
      request: 'unpublish_remotely', room, secret: 's', publisher_id: feed,
      remote_id: `leaves ${serial}`,
    }),
  },
  {
    request: 'add_remote_publisher', as: 'guest',
    fields: {
      room: 'id!', secret: 'text!', id: 'id', display: 'text', mcast: 'text', iface: 'text',
      port: 'number', srtp_suite: 'number', srtp_crypto: 'text', streams: 'list!',
    },
    body: ({ room }) => ({
      room, secret: 's', id: 8, display: 'afar',
      streams: [
        { type: 'audio', mid: '0', mindex: 0, codec: 'opus' },
        { type: 'video', mid: '1', mindex: 1, codec: 'vp8' },
      ],
    }),
    also: {
      'no streams': { streams: [] },
      'stream without a type': badStream({ mid: '0', mindex: 0, codec: 'opus' }),
      'stream of an unknown type': badStream({ type: 'x', mid: '0', mindex: 0, codec: 'opus' }),
      'stream without a codec': badStream({ type: 'audio', mid: '0', mindex: 0 }),
      'stream without a mid': badStream({ type: 'audio', mindex: 0, codec: 'opus' }),
    },
  },
  {
    request: 'update_remote_publisher', as: 'guest',
    fields: { room: 'id!', secret: 'text!', id: 'id!', display: 'text', streams: 'list!' },
    before: async ({ room, handle }) => {
      await handle.quietly({
        request: 'add_remote_publisher', room, secret: 's', id: 8,
        streams: [{ type: 'audio', mid: '0', mindex: 0, codec: 'opus' }],
      });
    },
    body: ({ room }) => ({
      room, secret: 's', id: 8, display: 'new',
      streams: [{ type: 'video', mid: '1', mindex: 1, codec: 'vp8' }],
    }),
    also: { nobody: { id: 987654 } },
  },
  {
    request: 'remove_remote_publisher', as: 'guest',
    fields: { room: 'id!', secret: 'text!', id: 'id!' },
    before: async ({ room, handle }) => {
      await handle.quietly({
        request: 'add_remote_publisher', room, secret: 's', id: 8,
        streams: [{ type: 'audio', mid: '0', mindex: 0, codec: 'opus' }],
      });
    },
    body: ({ room }) => ({ room, secret: 's', id: 8 }),
    also: { nobody: { id: 987654 } },
  },
  {
    request: 'join', title: 'join as a publisher', as: 'guest',
    fields: { room: 'id!', ptype: 'text!', id: 'id', display: 'text', token: 'text', pin: 'text' },
    body: ({ room }) => ({ room, ptype: 'publisher', id: 5, display: 'me' }),
    also: { 'unknown ptype': { ptype: 'x' }, 'with metadata': { metadata: { a: 1 } } },
  },
  {
    request: 'join', title: 'join in a room with a pin', as: 'guest', room: { pin: 'p' },
    fields: { pin: 'text!' }, body: ({ room }) => ({ room, ptype: 'publisher', pin: 'p' }),
    also: { 'to subscribe': { pin: undefined, ptype: 'subscriber', streams: [{ feed: 1 }] } },
  },
  {
    request: 'join', title: 'join in a room with tokens', as: 'guest', room: { allowed: ['t'] },
    fields: { token: 'text!' }, body: ({ room }) => ({ room, ptype: 'publisher', token: 't' }),
    also: { 'unknown token': { token: 'u' } },
  },
  {
    request: 'joinandconfigure', title: 'joinandconfigure in a room with a pin', as: 'guest',
    jsep: 'publish', room: { pin: 'p' }, fields: { pin: 'text!' },
    body: ({ room }) => ({ room, ptype: 'publisher', pin: 'p' }),
  },
  {
    request: 'joinandconfigure', title: 'joinandconfigure with end-to-end encryption wanted', as: 'guest',
    jsep: 'publish', room: { require_e2ee: true }, body: ({ room }) => ({ room, ptype: 'publisher' }),
  },
  {
    request: 'join', title: 'subscribe in a room that wants a private id', as: 'guest',
    room: { require_pvtid: true }, fields: { private_id: 'number!' },
    body: ({ room }) => ({ room, ptype: 'subscriber', streams: [{ feed: 31 }], private_id: 5 }),
  },
  {
    request: 'join', title: 'join beside a dummy publisher', as: 'guest',
    room: { dummy_publisher: true, dummy_streams: [{ codec: 'opus' }, { codec: 'vp8' }] },
    body: ({ room }) => ({ room, ptype: 'publisher' }),
  },
  {
    request: 'join', title: 'join as a subscriber', as: 'published',
    fields: {
      room: 'id!', streams: 'list!', private_id: 'number', use_msid: 'flag', autoupdate: 'flag',
      close_pc: 'flag',
    },
    body: ({ room, feed }) => ({ room, ptype: 'subscriber', streams: [{ feed }] }),
    also: {
      'unknown feed': badStream({ feed: 987654 }),
      'no streams': { streams: [] },
      'stream without a feed': badStream({ mid: '0' }),
      'mid is a number': badStream({ feed: 31, mid: 0 }),
      'with targets': badStream({
        feed: 31, mid: '1', send: false, substream: 1, temporal: 0, fallback: 300000, min_delay: 0,
        max_delay: 10,
      }),
      'with SVC targets': badStream({ feed: 31, mid: '1', spatial_layer: 1, temporal_layer: 1 }),
      'substream is text': badStream({ feed: 31, substream: 'x' }),
      'send is text': badStream({ feed: 31, send: 'x' }),
      'delay is text': badStream({ feed: 31, min_delay: 'x' }),
      'crossrefid is a number': badStream({ feed: 31, crossrefid: 4 }),
      'with a crossrefid': badStream({ feed: 31, mid: '1', crossrefid: 'c' }),
      'unknown mid': badStream({ feed: 31, mid: '77' }),
    },
  },
  {
    request: 'join', title: 'join as a subscriber, the old way', as: 'published',
    fields: {
      feed: 'id!', audio: 'flag', video: 'flag', data: 'flag', offer_audio: 'flag',
      offer_video: 'flag', offer_data: 'flag',
    },
    body: ({ room, feed }) => ({ room, ptype: 'subscriber', feed }),
    also: {
      'unknown feed': { feed: 987654 }, 'audio only': { video: false, offer_video: false },
      listener: { ptype: 'listener' },
    },
  },
  {
    request: 'joinandconfigure', as: 'guest', jsep: 'publish',
    fields: { room: 'id!', ptype: 'text!', id: 'id', display: 'text', ...kPublish },
    body: ({ room }) => ({ room, ptype: 'publisher', id: 5, display: 'me' }),
  },
  {
    request: 'publish', as: 'publisher', jsep: 'publish', fields: kPublish,
    body: () => ({ display: 'me', descriptions: [{ mid: '0', description: 'voice' }] }),
    also: {
      'description without a mid': { descriptions: [{ description: 'x' }] },
      'description is a number': { descriptions: [{ mid: '0', description: 4 }] },
    },
  },
  {
    request: 'configure', title: 'configure as a publisher', as: 'publishing',
    fields: { ...kPublish, streams: 'list' },
    body: () => ({ bitrate: 128000, keyframe: true, streams: [{ mid: '1', keyframe: true }] }),
    also: {
      'stream without a mid': badStream({ send: true }),
      'send is text': badStream({ mid: '0', send: 'x' }),
      'unknown mid': badStream({ mid: '77', send: true }),
      'stream delays': badStream({ mid: '1', min_delay: 0, max_delay: 10 }),
      'delay is text': badStream({ mid: '1', min_delay: 'x' }),
    },
  },
  {
    request: 'configure', title: 'configure as a publisher without media', as: 'publisher',
    fields: kPublish, body: () => ({ display: 'new' }),
  },
  { request: 'unpublish', as: 'leaving', body: () => ({}) },
  { request: 'unpublish', title: 'unpublish without media', as: 'publisher', body: () => ({}) },
  { request: 'leave', title: 'leave as a publisher', as: 'publisher', body: () => ({}) },
  {
    request: 'configure', title: 'configure as a subscriber', as: 'subscriber',
    fields: {
      streams: 'list', restart: 'flag', mid: 'text', send: 'flag', substream: 'number',
      temporal: 'number', fallback: 'number', spatial_layer: 'number', temporal_layer: 'number',
      audio: 'flag', video: 'flag', data: 'flag', audio_level_average: 'number',
      audio_active_packets: 'number', min_delay: 'integer', max_delay: 'integer',
    },
    body: () => ({
      streams: [{
        mid: '1', send: true, substream: 1, temporal: 1, fallback: 100000, min_delay: 0,
        max_delay: 10,
      }],
    }),
    also: {
      'stream without a mid': badStream({ send: true }),
      'unknown mid': badStream({ mid: '77', send: true }),
      'substream of a stream is text': badStream({ mid: '1', substream: 'x' }),
      'send of a stream is text': badStream({ mid: '1', send: 'x' }),
      'substream is beyond': { streams: undefined, substream: 7 },
      restart: { streams: undefined, restart: true },
      'by the old flags': { streams: undefined, audio: false, video: true },
    },
  },
  { request: 'start', as: 'subscriber', body: () => ({}) },
  { request: 'pause', as: 'subscriber', body: () => ({}) },
  {
    request: 'subscribe', as: 'subscriber', fields: { streams: 'list!' },
    body: ({ feed }) => ({ streams: [{ feed, mid: '0' }] }),
    also: {
      'no streams': { streams: [] }, 'unknown feed': badStream({ feed: 987654 }),
      'stream without a feed': badStream({ mid: '0' }),
      'mid is a number': badStream({ feed: 31, mid: 0 }),
      'unknown mid': badStream({ feed: 31, mid: '77' }),
    },
  },
  {
    request: 'unsubscribe', as: 'subscriber', fields: { streams: 'list!' },
    body: () => ({ streams: [{ sub_mid: '0' }] }),
    also: {
      'no streams': { streams: [] }, 'sub_mid is a number': badStream({ sub_mid: 0 }),
      'feed is text': badStream({ feed: 'x' }), 'by feed': badStream({ feed: 31 }),
      'by feed and mid': badStream({ feed: 31, mid: '1' }), 'by nothing': badStream({}),
    },
  },
  {
    request: 'update', as: 'subscriber', fields: { subscribe: 'list', unsubscribe: 'list' },
    body: ({ feed }) => ({ subscribe: [{ feed, mid: '0' }], unsubscribe: [{ sub_mid: '1' }] }),
    also: {
      'neither list': { subscribe: undefined, unsubscribe: undefined },
      'stream without a feed': badStream({ mid: '0' }, 'subscribe'),
      'sub_mid is a number': badStream({ sub_mid: 0 }, 'unsubscribe'),
    },
  },
  {
    request: 'switch', as: 'subscriber', fields: { streams: 'list!' },
    body: ({ feed }) => ({ streams: [{ feed, mid: '0', sub_mid: '0' }] }),
    also: {
      'no streams': { streams: [] }, 'unknown feed': badStream({ feed: 987654, mid: '0', sub_mid: '0' }),
      'stream without a feed': badStream({ mid: '0', sub_mid: '0' }),
      'stream without a mid': badStream({ feed: 31, sub_mid: '0' }),
      'stream without a sub_mid': badStream({ feed: 31, mid: '0' }),
      'unknown sub_mid': badStream({ feed: 31, mid: '0', sub_mid: '77' }),
      'another kind': badStream({ feed: 31, mid: '0', sub_mid: '1' }),
    },
  },
  { request: 'leave', title: 'leave as a subscriber', as: 'subscriber', body: () => ({}) },
];
