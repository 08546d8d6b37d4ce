// Just enough of RTCPeerConnection and MediaStream for unit tests under node.

type TrackLike = { kind: string; enabled: boolean };

export class FakeStream {
  constructor(readonly tracks: TrackLike[] = []) {}
  addTrack(track: TrackLike): void {
    this.tracks.push(track);
  }
  getTracks(): TrackLike[] {
    return this.tracks;
  }
  getAudioTracks(): TrackLike[] {
    return this.tracks.filter((track) => track.kind === 'audio');
  }
  getVideoTracks(): TrackLike[] {
    return this.tracks.filter((track) => track.kind === 'video');
  }
}

export class FakeConnection {
  static all: FakeConnection[] = [];
  connectionState = 'new';
  signalingState = 'stable';
  remoteDescription: { type: string; sdp: string } | null = null;
  localDescription: { type: string; sdp: string } | null = null;
  transceivers: { mid: string; sender: { track: TrackLike } }[] = [];
  candidates: unknown[] = [];
  closed = false;
  ontrack: ((event: object) => void) | null = null;
  onicecandidate: ((event: object) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor() {
    FakeConnection.all.push(this);
  }

  addTransceiver(track: TrackLike): object {
    const transceiver = { mid: String(this.transceivers.length), sender: { track } };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  async createOffer(): Promise<object> {
    return { type: 'offer', sdp: 'local offer' };
  }
  async createAnswer(): Promise<object> {
    return { type: 'answer', sdp: `answer to ${this.remoteDescription?.sdp}` };
  }
  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
  }
  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescription = description;
    if (description.type === 'offer') {
      this.ontrack?.({ track: { kind: 'video', enabled: true }, transceiver: { mid: '0' } });
    }
  }
  async addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
  }
  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }
  close(): void {
    this.closed = true;
  }
  fail(): void {
    this.connectionState = 'failed';
    this.onconnectionstatechange?.();
  }
}
