#include "tests/bench/load/load_peer.hpp"

#include <cstring>
#include <utility>

#include <sys/epoll.h>

#include "core/base/random.hpp"
#include "core/ice/stun_message.hpp"

namespace cardea::load {

namespace {

constexpr std::size_t kBatch = 32;
// More than a server may accept, so that its own cap is what a test sees.
constexpr std::size_t kMaxStreams = 4096;

ice::TransactionId random_transaction() {
  ice::TransactionId id{};
  random_bytes(id);
  return id;
}

Result<srtp::Session> session(dtls::SrtpProfile profile, const dtls::SrtpKey& key) {
  return srtp::Session::create(static_cast<srtp::Profile>(profile), key.key(), key.salt(),
                               {kMaxStreams});
}

}  // namespace

LoadPeer::LoadPeer(net::EventLoop& loop, std::shared_ptr<const dtls::Certificate> certificate,
                   OnRtp on_rtp, OnRtcp on_rtcp)
    : loop_(loop),
      certificate_(std::move(certificate)),
      on_rtp_(std::move(on_rtp)),
      on_rtcp_(std::move(on_rtcp)),
      local_{random_text(8), random_text(24)},
      buffers_(kBatch) {}

LoadPeer::~LoadPeer() {
  if (socket_) {
    loop_.remove(socket_->fd());
  }
}

Result<std::uint16_t> LoadPeer::open(const Address& bind) {
  net::UdpOptions options;
  options.bind = bind;
  options.receive_buffer = 1 << 20;
  options.send_buffer = 1 << 20;
  auto socket = net::UdpSocket::open(options);
  if (!socket) {
    return socket.error();
  }
  socket_.emplace(*std::move(socket));
  return socket_->local_address().port();
}

Result<void> LoadPeer::connect(const Remote& remote) {
  const auto fingerprint = dtls::parse_fingerprint(remote.fingerprint);
  if (!fingerprint) {
    return fingerprint.error();
  }
  remote_ = remote.address;
  ice::ClientAgentConfig config;
  config.local = local_;
  config.remote = {remote.ufrag, remote.password};
  config.remote_address = remote_;
  config.make_transaction_id = random_transaction;
  agent_.emplace(std::move(config), MonotonicClock::now());
  dtls_.emplace(certificate_, remote.dtls_client ? dtls::Role::Server : dtls::Role::Client,
                *fingerprint);
  return loop_.add(socket_->fd(), EPOLLIN,
                   [this](std::uint32_t) { receive(MonotonicClock::now()); });
}

void LoadPeer::poll(Time now) {
  if (!agent_) {
    return;
  }
  if (agent_->next_deadline() && *agent_->next_deadline() <= now) {
    agent_->poll(now);
  }
  if (agent_->connected() && dtls_->state() == dtls::State::New) {
    dtls_->start(now);
  }
  if (dtls_->next_deadline() && *dtls_->next_deadline() <= now) {
    dtls_->poll(now);
  }
  flush();
}

std::string LoadPeer::profile() const {
  const auto& keys = dtls_->keys();
  if (!keys) {
    return "";
  }
  return keys->profile == dtls::SrtpProfile::Aes128CmSha1_80 ? "AES_CM_128_HMAC_SHA1_80"
                                                             : "AEAD_AES_GCM";
}

void LoadPeer::send_rtp(Bytes packet) {
  std::array<std::uint8_t, 1600> out{};
  std::memcpy(out.data(), packet.data(), packet.size());
  if (const auto done = sender_->protect_rtp(out, packet.size())) {
    socket_->send(remote_, Bytes(out).first(done.size));
  }
}

void LoadPeer::send_rtcp(Bytes compound) {
  std::array<std::uint8_t, 1600> out{};
  std::memcpy(out.data(), compound.data(), compound.size());
  if (const auto done = sender_->protect_rtcp(out, compound.size())) {
    socket_->send(remote_, Bytes(out).first(done.size));
  }
}

void LoadPeer::receive(Time now) {
  std::array<net::ReceiveSlot, kBatch> slots;
  for (std::size_t i = 0; i < kBatch; ++i) {
    slots[i].buffer = buffers_[i];
  }
  std::size_t count = kBatch;
  while (count == kBatch) {
    count = socket_->receive_batch(slots);
    for (std::size_t i = 0; i < count; ++i) {
      take(slots[i].bytes(), now);
    }
  }
  flush();
}

void LoadPeer::take(MutableBytes datagram, Time now) {
  if (datagram.empty()) {
    return;
  }
  if (datagram[0] <= 3) {
    answer_check(datagram);
    agent_->receive(datagram, remote_, now);
    poll(now);
  } else if (datagram[0] >= 20 && datagram[0] <= 63) {
    dtls_->receive(datagram, now);
    keys_ready();
  } else if (receiver_ && datagram.size() > 1 && datagram[1] >= 192 && datagram[1] <= 223) {
    if (const auto opened = receiver_->unprotect_rtcp(datagram)) {
      on_rtcp_(datagram.first(opened.size));
    }
  } else if (receiver_) {
    if (const auto opened = receiver_->unprotect_rtp(datagram)) {
      on_rtp_(datagram.first(opened.size), now);
    }
  }
}

// A server with a full ICE agent checks us as well; only when it is answered does it believe in the
// pair.
void LoadPeer::answer_check(Bytes datagram) {
  const auto parsed = ice::parse_stun(datagram);
  if (!parsed || !parsed.message.is_binding_request() ||
      !ice::check_integrity(parsed.message, local_.pwd)) {
    return;
  }
  ice::StunWriter answer(ice::StunClass::Success, ice::kStunBinding, parsed.message.transaction_id);
  answer.xor_mapped_address(remote_);
  socket_->send(remote_, answer.finish(local_.pwd));
}

void LoadPeer::keys_ready() {
  if (sender_ || !dtls_->keys()) {
    return;
  }
  const auto& keys = *dtls_->keys();
  auto sender = session(keys.profile, keys.local);
  auto receiver = session(keys.profile, keys.remote);
  if (sender && receiver) {
    sender_.emplace(*std::move(sender));
    receiver_.emplace(*std::move(receiver));
  }
}

void LoadPeer::flush() {
  for (const auto& datagram : agent_->take_output()) {
    socket_->send(remote_, datagram);
  }
  for (const auto& datagram : dtls_->take_output()) {
    socket_->send(remote_, datagram);
  }
}

}  // namespace cardea::load
