// An OpenSSL BIO over datagrams in memory. BIO_s_mem would join the records of one flight.
#pragma once

#include <cstdint>
#include <vector>

#include <openssl/bio.h>

#include "core/base/bytes.hpp"

namespace cardea::dtls {

/// What the BIO reads from and writes to; it must outlive the BIO and keep its address.
struct DatagramPort {
  /// The one datagram to be read next; empty when there is none. Borrowed by whoever feeds it.
  Bytes input;
  std::vector<std::vector<std::uint8_t>> output;
  std::size_t max_output = 0;
  std::uint64_t dropped_output = 0;
};

/// @returns a BIO that the SSL object may own, or null when OpenSSL is out of memory.
BIO* make_datagram_bio(DatagramPort& port);

}  // namespace cardea::dtls
