// Drives OpenSSL's DTLS over datagrams in memory.
#include "core/dtls/endpoint.hpp"

#include <algorithm>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "core/dtls/datagram_bio.hpp"
#include "core/dtls/flight.hpp"
#include "core/dtls/key_export.hpp"
#include "core/dtls/peer_check.hpp"

namespace cardea::dtls {

namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

constexpr std::size_t kRecordHeader = 13;
constexpr std::uint8_t kChangeCipherSpec = 20;
constexpr std::uint8_t kHandshake = 22;

/// Whole records only (RFC 6347 4.1). Keeps noise that merely begins with the right byte away from
/// OpenSSL.
bool looks_like_dtls(Bytes datagram) {
  ByteReader reader(datagram);
  while (reader.ok() && reader.left() != 0) {
    const std::uint8_t type = reader.u8();
    const std::uint8_t major = reader.u8();
    reader.skip(kRecordHeader - 4);
    reader.skip(reader.u16());
    if (type < kChangeCipherSpec || type > 63 || major != 0xFE) {
      return false;
    }
  }
  return reader.ok() && !datagram.empty();
}

/// OpenSSL's own timer keeps to the same waits, so that in real time it sends fresh records when
/// ours is due.
unsigned next_timer_us(SSL*, unsigned previous_us) {
  const auto wait =
      previous_us == 0 ? kFirstRetry : std::min(Duration(previous_us) * 2, kLongestRetry);
  return static_cast<unsigned>(wait.count());
}

SslPtr make_ssl(SSL_CTX* context, Role role, std::uint16_t mtu, DatagramPort& port,
                PeerCheck& check) {
  SslPtr ssl(SSL_new(context));
  BIO* bio = ssl ? make_datagram_bio(port) : nullptr;
  if (bio == nullptr) {
    return nullptr;
  }
  SSL_set_bio(ssl.get(), bio, bio);
  SSL_set_app_data(ssl.get(), &check);
  SSL_set_mtu(ssl.get(), mtu);
  DTLS_set_link_mtu(ssl.get(), mtu);
  DTLS_set_timer_cb(ssl.get(), next_timer_us);
  if (role == Role::Client) {
    SSL_set_connect_state(ssl.get());
  } else {
    SSL_set_accept_state(ssl.get());
  }
  return ssl;
}

std::string take_error_text() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason != nullptr ? reason : "unknown";
  ERR_clear_error();
  return text;
}

}  // namespace

struct Endpoint::Impl {
  Impl(std::shared_ptr<const Certificate> with, Role as, const Fingerprint& remote,
       EndpointOptions with_options)
      : certificate(std::move(with)), role(as), options(with_options), check{remote} {
    port.max_output = kMaxOutput;
  }

  void handshake(Time now);
  void finish_handshake();
  void read_application_data(std::size_t datagram_size);
  void rest();
  void wake();
  void fail(Failure why, std::string text = {});
  void note_output(std::size_t before, Time now);
  void append_flight();

  std::shared_ptr<const Certificate> certificate;
  Role role;
  EndpointOptions options;
  PeerCheck check;
  DatagramPort port;
  SslPtr ssl;  // after the port and the check that it points to, so that it goes first
  bool resting = false;
  State state = State::New;
  Failure failure = Failure::None;
  std::string failure_text;
  std::optional<SrtpKeys> keys;
  Datagrams application_data;
  Flight flight;
  Time deadline{};
  std::uint64_t dropped = 0;
};

void Endpoint::Impl::fail(Failure why, std::string text) {
  state = State::Failed;
  failure = why;
  failure_text = std::move(text);
  keys.reset();
  flight.stop_timer();
}

void Endpoint::Impl::handshake(Time now) {
  const std::size_t before = port.output.size();
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl.get());
  const int error = SSL_get_error(ssl.get(), result);
  note_output(before, now);
  if (result == 1) {
    finish_handshake();
  } else if (error != SSL_ERROR_WANT_READ) {
    fail(check.mismatch ? Failure::FingerprintMismatch : Failure::Handshake, take_error_text());
  }
}

void Endpoint::Impl::finish_handshake() {
  flight.stop_timer();
  keys = export_srtp_keys(ssl.get(), role == Role::Client);
  if (!keys && options.srtp_required) {
    SSL_shutdown(ssl.get());
    ERR_clear_error();
    fail(Failure::NoSrtpProfile);
    return;
  }
  state = State::Connected;
}

void Endpoint::Impl::read_application_data(std::size_t datagram_size) {
  // SCTP packets can sit in the same datagram as Finished, so this also runs right after the
  // handshake. Plain text is never longer than the datagram it came in.
  while (state == State::Connected) {
    std::vector<std::uint8_t> message(datagram_size);
    ERR_clear_error();
    const int size = SSL_read(ssl.get(), message.data(), static_cast<int>(message.size()));
    if (size > 0) {
      message.resize(static_cast<std::size_t>(size));
      if (application_data.size() < kMaxApplicationData) {
        application_data.push_back(std::move(message));
      } else {
        ++dropped;
      }
      continue;
    }
    // close_notify or a fatal alert, both authentic by now. Anything else was a bad record: no
    // reason to end.
    if ((SSL_get_shutdown(ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0) {
      SSL_shutdown(ssl.get());
      state = State::Closed;
    }
    ERR_clear_error();
    return;
  }
}

// Most connections carry media alone and never use DTLS again: 33 KiB of buffers go. OpenSSL gets
// new ones by itself when it reads, but not when it writes.
void Endpoint::Impl::rest() {
  resting = state == State::Connected && SSL_free_buffers(ssl.get()) == 1;
}

void Endpoint::Impl::wake() {
  if (resting) {
    resting = false;
    std::uint8_t byte = 0;
    SSL_peek(ssl.get(), &byte, 1);
    ERR_clear_error();
  }
}

void Endpoint::Impl::note_output(std::size_t before, Time now) {
  if (port.output.size() > before) {
    flight.sent(std::span(port.output).subspan(before), now);
  }
}

void Endpoint::Impl::append_flight() {
  for (const auto& datagram : flight.datagrams()) {
    if (port.output.size() < port.max_output) {
      port.output.push_back(datagram);
    }
  }
}

Endpoint::Endpoint(std::shared_ptr<const Certificate> certificate, Role role,
                   const Fingerprint& remote, EndpointOptions options)
    : impl_(std::make_unique<Impl>(std::move(certificate), role, remote, options)) {}
Endpoint::~Endpoint() = default;
Endpoint::Endpoint(Endpoint&&) noexcept = default;
Endpoint& Endpoint::operator=(Endpoint&&) noexcept = default;

void Endpoint::start(Time now) {
  Impl& self = *impl_;
  if (self.state != State::New) {
    return;
  }
  self.deadline = now + self.options.handshake_deadline;
  self.ssl =
      make_ssl(self.certificate->context(), self.role, self.options.mtu, self.port, self.check);
  if (!self.ssl) {
    self.fail(Failure::Handshake, take_error_text());
    return;
  }
  self.state = State::Handshaking;
  self.handshake(now);
}

void Endpoint::receive(Bytes datagram, Time now) {
  Impl& self = *impl_;
  const bool open = self.state == State::Handshaking || self.state == State::Connected;
  if (!open || !looks_like_dtls(datagram)) {
    ++self.dropped;
    return;
  }
  const bool was_connected = self.state == State::Connected;
  const std::size_t output_before = self.port.output.size();
  self.port.input = datagram;
  self.resting = false;
  if (self.state == State::Handshaking) {
    self.handshake(now);
  }
  self.read_application_data(datagram.size());
  self.port.input = {};
  if (!was_connected) {
    self.rest();
  }
  // A handshake record after the end: the peer may not have got our final flight (RFC 6347 4.2.4).
  // OpenSSL answers fresh records by itself; for repeated ones we do.
  const bool handshake_record = datagram[0] == kHandshake || datagram[0] == kChangeCipherSpec;
  if (was_connected && handshake_record && self.port.output.size() == output_before &&
      self.flight.may_repeat(now)) {
    self.append_flight();
  }
}

void Endpoint::poll(Time now) {
  Impl& self = *impl_;
  if (self.state != State::Handshaking) {
    return;
  }
  if (now >= self.deadline) {
    self.fail(Failure::Deadline);
    return;
  }
  const auto retry = self.flight.next_retry();
  if (!retry || now < *retry) {
    return;
  }
  const std::size_t before = self.port.output.size();
  ERR_clear_error();
  DTLSv1_handle_timeout(self.ssl.get());
  ERR_clear_error();
  if (self.port.output.size() == before) {
    self.append_flight();
  }
  self.flight.retried(now);
}

std::optional<Time> Endpoint::next_deadline() const {
  if (impl_->state != State::Handshaking) {
    return std::nullopt;
  }
  const auto retry = impl_->flight.next_retry();
  return retry ? std::min(*retry, impl_->deadline) : impl_->deadline;
}

Datagrams Endpoint::take_output() { return std::exchange(impl_->port.output, {}); }

bool Endpoint::send(Bytes message) {
  Impl& self = *impl_;
  if (self.state != State::Connected || message.empty() ||
      message.size() > DTLS_get_data_mtu(self.ssl.get())) {
    return false;
  }
  self.wake();
  ERR_clear_error();
  const int sent = SSL_write(self.ssl.get(), message.data(), static_cast<int>(message.size()));
  ERR_clear_error();
  return sent > 0;
}

Datagrams Endpoint::take_application_data() { return std::exchange(impl_->application_data, {}); }

void Endpoint::close() {
  if (impl_->state == State::Connected) {
    impl_->wake();
    ERR_clear_error();
    SSL_shutdown(impl_->ssl.get());
    ERR_clear_error();
  }
  if (impl_->state != State::Failed) {
    impl_->state = State::Closed;
  }
}

State Endpoint::state() const { return impl_->state; }
Role Endpoint::role() const { return impl_->role; }
Failure Endpoint::failure() const { return impl_->failure; }
const std::string& Endpoint::failure_text() const { return impl_->failure_text; }
const std::optional<SrtpKeys>& Endpoint::keys() const { return impl_->keys; }
std::uint64_t Endpoint::dropped() const { return impl_->dropped + impl_->port.dropped_output; }

}  // namespace cardea::dtls
