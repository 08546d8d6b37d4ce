// A non-blocking UDP socket that receives and sends in batches (recvmmsg, sendmmsg with UDP GSO).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"

namespace cardea::net {

struct UdpOptions {
  /// Port 0 lets the kernel choose; see local_address().
  Address bind;
  /// SO_REUSEPORT: several sockets of this user share the port.
  bool reuse_port = false;
  /// IPv6 sockets leave IPv4 to others, so that one port can be opened for each family.
  bool v6_only = false;
  /// Tells of each datagram which of our addresses it came to, for sockets bound to a wildcard.
  bool packet_info = false;
  /// Bytes asked for; the kernel clamps silently to net.core.[rw]mem_max, see
  /// UdpSocket::receive_buffer().
  int receive_buffer = 4 * 1024 * 1024;
  int send_buffer = 4 * 1024 * 1024;
};

/// Where receive_batch() puts one datagram.
struct ReceiveSlot {
  /// In: borrowed space. 1,600 bytes hold any packet of a WebRTC path; a longer datagram is dropped
  /// and counted.
  MutableBytes buffer;
  /// Out.
  Address from;
  std::uint32_t size = 0;
  /// With UdpOptions::packet_info: what it was sent to; empty when the kernel does not say.
  Address to{};

  [[nodiscard]] MutableBytes bytes() const { return buffer.first(size); }
};

/// What goes to one receiver in one piece: datagrams of `segment` bytes laid end to end, the last
/// may be shorter.
struct SendRun {
  Address to;
  /// Borrowed until the call returns.
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
  /// Bytes per datagram; 0 means that all of it is one datagram.
  std::uint16_t segment = 0;
  /// The address of ours to send from; empty: the one that the system chooses.
  Address from{};
};

/// Since the socket was opened. Packets are datagrams.
struct UdpStats {
  std::uint64_t received_packets = 0;
  std::uint64_t received_bytes = 0;
  /// Longer than their slot.
  std::uint64_t receive_truncated = 0;
  std::uint64_t receive_errors = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t send_calls = 0;
  /// Packets given up because the send buffer was full (EAGAIN, ENOBUFS): like loss on the path.
  std::uint64_t dropped_full = 0;
  /// Packets too big for the path (EMSGSIZE) or for UDP.
  std::uint64_t dropped_size = 0;
  /// Packets refused for another reason (unreachable network, wrong address family, ...).
  std::uint64_t dropped_error = 0;
};

/// One thread. Owns its descriptor; moves, does not copy.
class UdpSocket {
 public:
  static constexpr std::size_t kMaxBatch = 64;
  /// Kernels before 6.9 refuse more segments in one message.
  static constexpr std::uint32_t kMaxSegments = 64;
  static constexpr std::uint32_t kMaxGsoBytes = 65507;

  static Result<UdpSocket> open(const UdpOptions& options);
  ~UdpSocket();
  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&& other) noexcept;
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] Address local_address() const { return local_; }
  /// What the kernel really gave, in bytes as asked for (its doubling taken out). Compare and log.
  [[nodiscard]] int receive_buffer() const { return receive_buffer_; }
  [[nodiscard]] int send_buffer() const { return send_buffer_; }

  /// Takes what waits, at most slots.size() and kMaxBatch. Datagrams fill the first slots of the
  /// result; truncated ones are left out. Fewer than asked means that nothing more waits.
  /// @returns how many slots are filled.
  std::size_t receive_batch(std::span<ReceiveSlot> slots);

  /// Sends all runs with as few calls as possible. Never blocks; what cannot be sent is dropped and
  /// counted. Any size and segment are good: longer runs are split at the GSO limits.
  /// @returns packets handed to the kernel.
  std::size_t send_runs(std::span<const SendRun> runs);

  /// One datagram; true when the kernel took it.
  bool send(const Address& to, Bytes bytes);

  [[nodiscard]] const UdpStats& stats() const { return stats_; }
  /// What the kernel holds for us now.
  struct Backlog {
    double filled = 0;          ///< of the receive buffer, 0..1
    std::uint64_t dropped = 0;  ///< datagrams that found no room, since the socket was opened
  };
  [[nodiscard]] Backlog backlog() const;
  [[nodiscard]] bool gso() const { return gso_; }
  /// For tests, and for paths whose hardware breaks GSO: sends every datagram as its own message.
  void disable_gso() { gso_ = false; }

 private:
  struct Batch;

  explicit UdpSocket(int fd);
  void close_fd();
  void add_run(const SendRun& run);
  void add_controls(std::size_t index, const Address& from);
  void flush();
  std::size_t give_up(std::size_t next, int error);
  void send_split(std::size_t index);

  int fd_ = -1;
  Address local_;
  int receive_buffer_ = 0;
  int send_buffer_ = 0;
  bool gso_ = true;
  bool packet_info_ = false;
  UdpStats stats_;
  std::unique_ptr<Batch> batch_;
};

}  // namespace cardea::net
