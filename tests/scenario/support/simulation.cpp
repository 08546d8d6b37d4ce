// The loop of virtual time.
#include "tests/scenario/support/simulation.hpp"

#include <algorithm>
#include <cstring>

namespace cardea::scenario {

const std::shared_ptr<const dtls::Certificate>& server_certificate() {
  static const auto certificate = *dtls::Certificate::generate();
  return certificate;
}

const std::shared_ptr<const dtls::Certificate>& client_certificate() {
  static const auto certificate = *dtls::Certificate::generate();
  return certificate;
}

peer::LineParams audio_line(const std::string& mid) {
  peer::LineParams line;
  line.kind = peer::LineParams::Kind::Audio;
  line.mid = mid;
  line.payload_types = {{111, rtp::Codec::Opus, 48'000, 0}};
  line.extensions.mid = 1;
  line.cname = "cardea";
  return line;
}

peer::LineParams video_line(const std::string& mid) {
  peer::LineParams line;
  line.kind = peer::LineParams::Kind::Video;
  line.mid = mid;
  line.payload_types = {{96, rtp::Codec::Vp8, 90'000, 97}};
  line.extensions.mid = 1;
  line.extensions.rid = 2;
  line.extensions.repaired_rid = 3;
  line.cname = "cardea";
  line.nack = true;
  line.pli = true;
  line.remb = true;
  return line;
}

Simulation::Simulation(std::uint64_t seed, const media::ShardOptions& options)
    : network_(seed),
      pool_(8192),
      shard_(
          options, server_certificate(), pool_,
          [this](std::span<const peer::SendRun> runs) { send(server_address(), runs); },
          [this](std::span<const peer::SendRun> runs) { send(plain_address(), runs); }),
      seed_(seed) {
  network_.attach(plain_address(), [this](MutableBytes datagram, const Address& from, Time now) {
    shard_.receive_plain(datagram, from, now);
  });
  network_.attach(server_address(), [this](MutableBytes datagram, const Address& from, Time now) {
    to_server(datagram, from, now);
  });
}

void Simulation::send(const Address& from, std::span<const peer::SendRun> runs) {
  for (const peer::SendRun& run : runs) {
    for (std::uint32_t at = 0; at < run.size; at += run.segment) {
      const std::uint32_t size = std::min<std::uint32_t>(run.segment, run.size - at);
      network_.send(from, run.to.remote, {run.data + at, size});
    }
  }
}

Address Simulation::plain_address() { return *Address::parse("10.0.0.1", 30'000); }

Address Simulation::server_address() { return *Address::parse("10.0.0.1", 10'000); }

Address Simulation::client_address(media::PeerId id, std::uint16_t port_offset) {
  return *Address::parse("10.0.1.1", static_cast<std::uint16_t>(20'000 + 10 * id + port_offset));
}

ice::Credentials Simulation::credentials(const std::string& name) {
  return {name + "ufrag", name + "passwordpasswordpassword"};
}

void Simulation::to_server(MutableBytes datagram, const Address& from, Time now) {
  media::Datagram received;
  received.buffer = pool_.take();
  received.size = static_cast<std::uint32_t>(datagram.size());
  received.from = from;
  std::memcpy(received.buffer.space().data(), datagram.data(), datagram.size());
  shard_.receive({&received, 1}, now);
}

ClientPeer& Simulation::add_client(media::PeerId id, std::vector<peer::LineParams> lines) {
  const std::string name = std::to_string(id);
  const ice::Credentials ours = credentials("server" + name);
  const ice::Credentials theirs = credentials("client" + name);
  peer::Params& params = params_[id];
  params.local_ice = {ours.ufrag, ours.pwd};
  params.remote_ice = {theirs.ufrag, theirs.pwd};
  const std::string fingerprint = client_certificate()->fingerprint().to_string();
  params.remote_fingerprint_hash = fingerprint.substr(0, fingerprint.find(' '));
  params.remote_fingerprint = fingerprint.substr(fingerprint.find(' ') + 1);
  params.lines = std::move(lines);
  apply(media::AddPeer{id, static_cast<std::uint32_t>(id), params});

  ClientOptions options;
  options.address = client_address(id);
  options.server = server_address();
  options.local = theirs;
  options.remote = ours;
  options.certificate = client_certificate();
  options.server_fingerprint = server_certificate()->fingerprint();
  options.seed = seed_ * 1000 + id;
  clients_[id] = std::make_unique<ClientPeer>(
      options,
      [this](const Address& from, const Address& to, Bytes datagram) {
        network_.send(from, to, datagram);
      },
      network_.now());
  ClientPeer& client = *clients_[id];
  // A few ports of the client's host, for restarts.
  for (std::uint16_t port = 0; port < 4; ++port) {
    network_.attach(client_address(id, port),
                    [&client](MutableBytes datagram, const Address& from, Time now) {
                      client.receive(datagram, from, now);
                    });
  }
  return client;
}

void Simulation::step() {
  const Time now = network_.now();
  network_.deliver(now);
  shard_.poll(now);
  for (const auto& [id, client] : clients_) {
    client->poll(now);
  }
  for (media::Notice& notice : shard_.take_notices()) {
    notices_.push_back(std::move(notice));
  }
}

void Simulation::run_for(Duration time) {
  const Time end = now() + time;
  step();
  while (true) {
    Time next = std::min(network_.next(), shard_.next_deadline());
    for (const auto& [id, client] : clients_) {
      next = std::min(next, client->next_deadline());
    }
    next = std::max(next, now() + Duration(1));
    if (next > end) {
      break;
    }
    network_.set_now(next);
    step();
  }
  network_.set_now(end);
}

bool Simulation::connect_all(Duration limit) {
  const Time end = now() + limit;
  const auto connected = [](const auto& entry) { return entry.second->connected(); };
  while (!std::all_of(clients_.begin(), clients_.end(), connected)) {
    if (now() >= end) {
      return false;
    }
    run_for(std::chrono::milliseconds(5));
  }
  run_for(std::chrono::milliseconds(50));
  return true;
}

std::string Simulation::down_reason(media::PeerId id) const {
  for (const media::Notice& notice : notices_) {
    if (const auto* down = std::get_if<media::PeerDown>(&notice.what); down && notice.peer == id) {
      return down->reason;
    }
  }
  return {};
}

}  // namespace cardea::scenario
