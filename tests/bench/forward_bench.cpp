// Cost of forwarding: one publisher to many subscribers through a shard, without sockets.
// Usage: forward_bench [subscribers=100] [batches=2000]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/dtls/certificate.hpp"
#include "core/dtls/endpoint.hpp"
#include "core/ice/client_agent.hpp"
#include "core/media/shard.hpp"
#include "core/srtp/session.hpp"

namespace {

using namespace cardea;

constexpr std::uint32_t kSsrc = 1234;
constexpr std::size_t kPayload = 1100;
constexpr std::size_t kBatch = 8;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// The least of a client that lets a shard believe in it.
struct Client {
  Client(const ice::ClientAgentConfig& config, std::shared_ptr<const dtls::Certificate> certificate,
         const dtls::Fingerprint& server, Time now)
      : agent(config, now), endpoint(std::move(certificate), dtls::Role::Client, server) {}

  ice::ClientAgent agent;
  dtls::Endpoint endpoint;
};

class Bench {
 public:
  explicit Bench(std::size_t subscribers)
      : certificate_(*dtls::Certificate::generate()),
        pool_(8192),
        shard_({}, certificate_, pool_,
               [this](std::span<const peer::SendRun> runs) { sent(runs); }) {
    add(1, false);
    for (media::PeerId id = 2; id < 2 + subscribers; ++id) {
      add(id, true);
      apply(media::AddRoute{id, {1, 0}, {id, 0}, {}});
    }
    connect();
    const dtls::SrtpKeys& keys = *clients_.at(1)->endpoint.keys();
    publisher_.emplace(*srtp::Session::create(static_cast<srtp::Profile>(keys.profile),
                                              keys.local.key(), keys.local.salt()));
  }

  void run(std::size_t batches) {
    std::vector<media::Datagram> batch(kBatch);
    double shard_seconds = 0;
    const std::uint64_t before = shard_.counters().rtp_forwarded;
    const std::uint64_t runs_before = shard_.counters().send_runs;
    for (std::size_t i = 0; i < batches; ++i) {
      now_ += std::chrono::milliseconds(5);
      for (media::Datagram& datagram : batch) {
        fill(datagram);
      }
      const double start = cpu_seconds();
      shard_.receive(batch, now_);
      shard_.poll(now_);
      shard_seconds += cpu_seconds() - start;
    }
    const std::uint64_t forwarded = shard_.counters().rtp_forwarded - before;
    const std::uint64_t runs = shard_.counters().send_runs - runs_before;
    std::printf("forwarded %llu packets of %zu bytes, %.1f ns each, %.1f packets per run\n",
                static_cast<unsigned long long>(forwarded), kPayload,
                shard_seconds * 1e9 / static_cast<double>(forwarded),
                static_cast<double>(forwarded) / static_cast<double>(runs));
  }

 private:
  static Address address(media::PeerId id) {
    return *Address::parse("10.0.0.2", static_cast<std::uint16_t>(10'000 + id));
  }

  void apply(media::Command command) { shard_.apply(command, now_); }

  void add(media::PeerId id, bool sends) {
    const std::string name = std::to_string(id);
    peer::LineParams line;
    line.kind = peer::LineParams::Kind::Video;
    line.mid = "0";
    line.receives = !sends;
    line.sends = sends;
    line.payload_types = {{96, rtp::Codec::Vp8, 90'000, 0}};
    line.extensions.mid = 1;
    line.extensions.abs_send_time = 2;
    line.nack = true;
    line.pli = true;
    line.send_ssrc = sends ? 77 : 0;
    if (!sends) {
      line.remote_ssrcs = {kSsrc};
    }
    peer::Params params;
    params.local_ice = {"server" + name, "passwordpasswordpassword"};
    params.remote_ice = {"client" + name, "passwordpasswordpassword"};
    const std::string fingerprint = certificate_->fingerprint().to_string();
    params.remote_fingerprint_hash = fingerprint.substr(0, fingerprint.find(' '));
    params.remote_fingerprint = fingerprint.substr(fingerprint.find(' ') + 1);
    params.lines = {line};
    apply(media::AddPeer{id, 1, params});

    ice::ClientAgentConfig config;
    config.local = {params.remote_ice.ufrag, params.remote_ice.password};
    config.remote = {params.local_ice.ufrag, params.local_ice.password};
    config.remote_address = *Address::parse("10.0.0.1", 10'000);
    config.make_transaction_id = [] { return ice::TransactionId{}; };
    clients_[id] =
        std::make_unique<Client>(config, certificate_, certificate_->fingerprint(), now_);
    by_port_[address(id).port()] = clients_[id].get();
  }

  void to_shard(media::PeerId id, Bytes bytes) {
    media::Datagram datagram;
    datagram.buffer = pool_.take();
    datagram.size = static_cast<std::uint32_t>(bytes.size());
    datagram.from = address(id);
    std::memcpy(datagram.buffer.space().data(), bytes.data(), bytes.size());
    shard_.receive({&datagram, 1}, now_);
  }

  void sent(std::span<const peer::SendRun> runs) {
    if (connected_) {
      return;
    }
    for (const peer::SendRun& run : runs) {
      for (std::uint32_t at = 0; at < run.size; at += run.segment) {
        const std::uint32_t size = std::min<std::uint32_t>(run.segment, run.size - at);
        inbox_.emplace_back(run.to.remote.port(),
                            std::vector<std::uint8_t>(run.data + at, run.data + at + size));
      }
    }
  }

  void connect() {
    for (int round = 0; round < 40; ++round) {
      now_ += std::chrono::milliseconds(20);
      for (const auto& [id, client] : clients_) {
        client->agent.poll(now_);
        client->endpoint.poll(now_);
        for (const auto& out : client->agent.take_output()) {
          to_shard(id, out);
        }
        for (const auto& out : client->endpoint.take_output()) {
          to_shard(id, out);
        }
      }
      shard_.poll(now_);
      for (auto& [port, datagram] : std::exchange(inbox_, {})) {
        receive(*by_port_.at(port), datagram);
      }
    }
    connected_ = true;
  }

  void receive(Client& client, const std::vector<std::uint8_t>& datagram) {
    if (datagram[0] <= 3) {
      client.agent.receive(datagram, *Address::parse("10.0.0.1", 10'000), now_);
      if (client.endpoint.state() == dtls::State::New) {
        client.endpoint.start(now_);
      }
    } else if (datagram[0] < 64) {
      client.endpoint.receive(datagram, now_);
    }
  }

  void fill(media::Datagram& datagram) {
    if (!datagram.buffer || datagram.buffer.shared()) {
      datagram.buffer = pool_.take();
    }
    const MutableBytes bytes = datagram.buffer.space();
    std::memset(bytes.data(), 0xAB, 12 + kPayload);
    bytes[0] = 0x80;
    bytes[1] = 96;
    store_u16(bytes.data() + 2, seq_);
    store_u32(bytes.data() + 4, seq_ / 4U * 3000U);
    store_u32(bytes.data() + 8, kSsrc);
    bytes[12] = 0x10;
    bytes[13] = seq_ == 0 ? 0x00 : 0x01;
    ++seq_;
    datagram.size = static_cast<std::uint32_t>(publisher_->protect_rtp(bytes, 12 + kPayload).size);
    datagram.from = address(1);
  }

  std::shared_ptr<const dtls::Certificate> certificate_;
  Time now_{std::chrono::seconds(1)};
  PacketPool pool_;
  std::map<media::PeerId, std::unique_ptr<Client>> clients_;
  std::map<std::uint16_t, Client*> by_port_;
  std::vector<std::pair<std::uint16_t, std::vector<std::uint8_t>>> inbox_;
  bool connected_ = false;
  media::Shard shard_;
  std::optional<srtp::Session> publisher_;
  std::uint16_t seq_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t subscribers = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
  const std::size_t batches = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
  Bench bench(subscribers);
  bench.run(batches);
  return 0;
}
