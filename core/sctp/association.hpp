// One SCTP association over datagrams in memory (RFC 8261): messages on streams, by usrsctp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <cardea/sdk/result.hpp>

#include "core/base/bytes.hpp"
#include "core/sctp/stack.hpp"

struct socket;

namespace cardea::sctp {

/// The largest message that is taken or sent, in bytes (threat M10).
inline constexpr std::size_t kMaxMessage = std::size_t{256} * 1024;
/// Streams each way, and so channels (threat M10).
inline constexpr std::uint16_t kMaxStreams = 64;

struct AssociationOptions {
  std::uint16_t local_port = 5000;
  std::uint16_t remote_port = 5000;
  /// What usrsctp holds for us until we read: the window that the remote sees.
  int receive_buffer = 256 * 1024;
  /// What it holds until the remote has it; more than one message of the largest size.
  int send_buffer = 512 * 1024;
  /// Bytes of one packet: a DTLS record of it, whatever the cipher, fits 1200 bytes on the wire.
  std::uint32_t packet_size = 1100;
};

/// How hard a message is tried (RFC 3758, RFC 7496).
struct Reliability {
  enum class Kind : std::uint8_t { Full, Retransmits, Lifetime };
  Kind kind = Kind::Full;
  std::uint32_t limit = 0;  ///< retransmissions, or milliseconds
  bool ordered = true;
  friend bool operator==(const Reliability&, const Reliability&) = default;
};

/// Where an association's packets go, called from inside its members and Stack::advance(). None
/// may destroy the association.
class Port {
 public:
  virtual ~Port() = default;
  virtual void output(Bytes packet) = 0;
  /// There is something to read(), or room to send: attend to it when this call has returned.
  virtual void attend() = 0;
};

/// What read() finds; same rules.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual void connected() = 0;
  /// The association is over: nothing can be sent any more.
  virtual void closed() = 0;
  virtual void message(std::uint16_t stream, std::uint32_t protocol, std::string payload) = 0;
  /// The remote sends no more on this stream as it was.
  virtual void stream_reset(std::uint16_t stream) = 0;
  /// A message beyond kMaxMessage came; closed() follows.
  virtual void oversized() = 0;
};

class Association {
 public:
  enum class State : std::uint8_t { Connecting, Connected, Closed };
  enum class Sent : std::uint8_t { Queued, Full, Closed };

  /// Begins to connect at once; the other end may do the same. Both references outlive it.
  static Result<std::unique_ptr<Association>> create(Stack& stack, Port& port,
                                                     const AssociationOptions& options);
  /// Aborts.
  ~Association();
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;

  /// One packet from the remote.
  void receive(Bytes packet);
  /// Takes the next message or event from the receive buffer. What is not read closes the window
  /// and so slows the remote down. False when there was nothing.
  bool read(Reader& reader);

  /// @param payload at most kMaxMessage, not empty.
  Sent send(std::uint16_t stream, std::uint32_t protocol, Bytes payload,
            const Reliability& reliability);
  /// Ends what we send on a stream (RFC 6525), when all of it has arrived.
  void reset_stream(std::uint16_t stream);

  [[nodiscard]] State state() const { return state_; }

 private:
  friend class Stack;

  Association(Stack& stack, Port& port) : stack_(stack), port_(port) {}
  Result<void> open(const AssociationOptions& options);
  void notice(Reader& reader, Bytes event);
  bool piece(Reader& reader, std::uint16_t stream, std::uint32_t protocol, Bytes data, bool last);
  void close(Reader& reader);
  void try_resets();

  /// usrsctp's callbacks.
  static int output(void* address, void* data, std::size_t size, std::uint8_t tos,
                    std::uint8_t set_df);
  static void wake(struct socket* socket, void* self, int flags);

  Stack& stack_;
  Port& port_;
  struct socket* socket_ = nullptr;
  State state_ = State::Connecting;
  /// Messages of which only the beginning was read so far, by stream.
  std::map<std::uint16_t, std::string> partial_;
  std::size_t partial_bytes_ = 0;
  /// Only one request of resets may be under way.
  std::set<std::uint16_t> resets_;
};

}  // namespace cardea::sctp
