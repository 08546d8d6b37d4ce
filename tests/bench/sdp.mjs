// The little SDP that synthetic clients need: offers of one microphone and one camera, and answers to a server's offer.

const session = () => [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
];

const transport = (ice, setup) => [
  `a=ice-ufrag:${ice.ufrag}`,
  `a=ice-pwd:${ice.pwd}`,
  `a=fingerprint:${ice.fingerprint}`,
  `a=setup:${setup}`,
  'a=rtcp-mux',
  `a=candidate:1 1 udp 2015363327 ${ice.ip} ${ice.port} typ host`,
  'a=end-of-candidates',
];

/** A publisher's offer: Opus as 111 and VP8 as 96. */
export function publisherOffer(ice, { audioSsrc, videoSsrc }) {
  return [
    ...session(),
    'a=group:BUNDLE 0 1',
    'a=msid-semantic: WMS load',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    ...transport(ice, 'actpass'),
    'a=mid:0',
    'a=sendonly',
    'a=rtpmap:111 opus/48000/2',
    'a=msid:load audio',
    `a=ssrc:${audioSsrc} cname:load`,
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    ...transport(ice, 'actpass'),
    'a=mid:1',
    'a=sendonly',
    'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack',
    'a=rtcp-fb:96 nack pli',
    'a=rtcp-fb:96 ccm fir',
    'a=rtcp-fb:96 goog-remb',
    'a=msid:load video',
    `a=ssrc:${videoSsrc} cname:load`,
    '',
  ].join('\r\n');
}

const kept = /^a=(mid|rtpmap|fmtp|rtcp-fb|extmap):/;

/** A viewer's answer that takes everything offered. */
export function viewerAnswer(offer, ice) {
  const [head, ...sections] = offer.split(/^(?=m=)/m);
  const group = head.split(/\r?\n/).find((line) => line.startsWith('a=group:BUNDLE'));
  const lines = [...session(), ...(group ? [group] : [])];
  for (const section of sections) {
    const own = section.split(/\r?\n/);
    lines.push(
      own[0],
      'c=IN IP4 0.0.0.0',
      ...transport(ice, 'active'),
      'a=recvonly',
      ...own.filter((line) => kept.test(line)),
    );
  }
  return [...lines, ''].join('\r\n');
}

/** What a client must know of the server's description to connect. */
export function remoteOf(sdp) {
  const value = (name) => sdp.match(new RegExp(`^a=${name}:(.*?)\\r?$`, 'm'))?.[1].trim();
  const candidate = sdp.match(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/im);
  if (!candidate) {
    throw new Error(`no host candidate in\n${sdp}`);
  }
  return {
    ufrag: value('ice-ufrag'),
    pwd: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    ip: candidate[1],
    port: Number(candidate[2]),
    dtls_client: value('setup') === 'active',
  };
}
