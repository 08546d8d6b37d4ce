// EchoTest's one unnamed request.
export const plugin = 'janus.plugin.echotest';

export const requests = [
  {
    title: '(its one request)', as: 'handle', jsep: 'echo',
    fields: {
      audio: 'flag', video: 'flag', bitrate: 'number', record: 'flag', filename: 'text',
      substream: 'number', temporal: 'number', fallback: 'number', svc: 'flag',
      spatial_layer: 'number', temporal_layer: 'number', audiocodec: 'text', videocodec: 'text',
      videoprofile: 'text', opusred: 'flag', min_delay: 'integer', max_delay: 'integer',
    },
    body: () => ({ audio: true, video: true, bitrate: 128000 }),
  },
  {
    title: '(without an offer)', as: 'handle', body: () => ({ audio: true, substream: 1, temporal: 1 }),
    also: { 'an empty body': { audio: undefined, substream: undefined, temporal: undefined } },
  },
];
