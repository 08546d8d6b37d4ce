// The custom BIO_METHOD.
#include "core/dtls/datagram_bio.hpp"

#include <algorithm>
#include <memory>

namespace cardea::dtls {

namespace {

// IPv4 and UDP headers, which OpenSSL takes off the MTU.
constexpr long kMtuOverhead = 28;

DatagramPort& port_of(BIO* bio) { return *static_cast<DatagramPort*>(BIO_get_data(bio)); }

int read_datagram(BIO* bio, char* out, int size) {
  DatagramPort& port = port_of(bio);
  BIO_clear_retry_flags(bio);
  if (port.input.empty() || size <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  // Like recv(): what does not fit is lost.
  const std::size_t count = std::min(port.input.size(), static_cast<std::size_t>(size));
  std::copy_n(port.input.begin(), count, reinterpret_cast<std::uint8_t*>(out));
  port.input = {};
  return static_cast<int>(count);
}

int write_datagram(BIO* bio, const char* data, int size) {
  DatagramPort& port = port_of(bio);
  BIO_clear_retry_flags(bio);
  if (port.output.size() >= port.max_output) {
    // A datagram may be lost on the way as well; the handshake sends it again.
    ++port.dropped_output;
    return size;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
  port.output.emplace_back(bytes, bytes + size);
  return size;
}

long control(BIO*, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
      return kMtuOverhead;
    default:
      return 0;
  }
}

struct FreeMethod {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

const BIO_METHOD* datagram_method() {
  // Immutable once made: the description of a type, as OpenSSL wants it.
  static const std::unique_ptr<BIO_METHOD, FreeMethod> method = [] {
    std::unique_ptr<BIO_METHOD, FreeMethod> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cardea datagram"));
    if (made) {
      BIO_meth_set_read(made.get(), read_datagram);
      BIO_meth_set_write(made.get(), write_datagram);
      BIO_meth_set_ctrl(made.get(), control);
    }
    return made;
  }();
  return method.get();
}

}  // namespace

BIO* make_datagram_bio(DatagramPort& port) {
  const BIO_METHOD* method = datagram_method();
  BIO* bio = method != nullptr ? BIO_new(method) : nullptr;
  if (bio != nullptr) {
    BIO_set_data(bio, &port);
    BIO_set_init(bio, 1);
  }
  return bio;
}

}  // namespace cardea::dtls
