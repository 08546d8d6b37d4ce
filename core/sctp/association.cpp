// usrsctp's socket calls around one association.
#include "core/sctp/association.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <usrsctp.h>

namespace cardea::sctp {
namespace {

constexpr std::uint16_t kEvents[] = {SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT,
                                     SCTP_PARTIAL_DELIVERY_EVENT};

sockaddr_conn address_of(void* association, std::uint16_t port) {
  sockaddr_conn out{};
  out.sconn_family = AF_CONN;
  out.sconn_port = htons(port);
  out.sconn_addr = association;
  return out;
}

sockaddr* generic(sockaddr_conn& address) { return reinterpret_cast<sockaddr*>(&address); }

template <typename T>
bool set(struct socket* socket, int level, int name, const T& value) {
  return usrsctp_setsockopt(socket, level, name, &value, sizeof value) == 0;
}

bool set_streams(struct socket* socket) {
  sctp_assoc_value reset{};
  reset.assoc_id = SCTP_FUTURE_ASSOC;
  reset.assoc_value = SCTP_ENABLE_RESET_STREAM_REQ;
  sctp_initmsg init{};
  init.sinit_num_ostreams = kMaxStreams;
  init.sinit_max_instreams = kMaxStreams;
  return set(socket, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, reset) &&
         set(socket, IPPROTO_SCTP, SCTP_INITMSG, init);
}

bool set_events(struct socket* socket) {
  for (const std::uint16_t type : kEvents) {
    sctp_event event{};
    event.se_assoc_id = SCTP_FUTURE_ASSOC;
    event.se_type = type;
    event.se_on = 1;
    if (!set(socket, IPPROTO_SCTP, SCTP_EVENT, event)) {
      return false;
    }
  }
  return set(socket, IPPROTO_SCTP, SCTP_RECVRCVINFO, 1);
}

bool set_up(struct socket* socket, const AssociationOptions& options) {
  const linger at_once{1, 0};
  return usrsctp_set_non_blocking(socket, 1) == 0 && set(socket, SOL_SOCKET, SO_LINGER, at_once) &&
         set(socket, SOL_SOCKET, SO_RCVBUF, options.receive_buffer) &&
         set(socket, SOL_SOCKET, SO_SNDBUF, options.send_buffer) &&
         set(socket, IPPROTO_SCTP, SCTP_NODELAY, 1) && set_streams(socket) && set_events(socket);
}

bool set_packet_size(struct socket* socket, sockaddr_conn& remote, std::uint32_t size) {
  sctp_paddrparams path{};
  std::memcpy(&path.spp_address, &remote, sizeof remote);
  path.spp_flags = SPP_PMTUD_DISABLE;
  path.spp_pathmtu = size;
  return set(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
}

sctp_sendv_spa send_info(std::uint16_t stream, std::uint32_t protocol,
                         const Reliability& reliability) {
  sctp_sendv_spa info{};
  info.sendv_flags = SCTP_SEND_SNDINFO_VALID;
  info.sendv_sndinfo.snd_sid = stream;
  info.sendv_sndinfo.snd_ppid = htonl(protocol);
  if (!reliability.ordered) {
    info.sendv_sndinfo.snd_flags = SCTP_UNORDERED;
  }
  if (reliability.kind != Reliability::Kind::Full) {
    info.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    info.sendv_prinfo.pr_policy =
        reliability.kind == Reliability::Kind::Retransmits ? SCTP_PR_SCTP_RTX : SCTP_PR_SCTP_TTL;
    info.sendv_prinfo.pr_value = reliability.limit;
  }
  return info;
}

}  // namespace

Result<std::unique_ptr<Association>> Association::create(Stack& stack, Port& port,
                                                         const AssociationOptions& options) {
  std::unique_ptr<Association> made(new Association(stack, port));
  if (auto opened = made->open(options); !opened) {
    return opened.error();
  }
  return made;
}

Result<void> Association::open(const AssociationOptions& options) {
  usrsctp_register_address(this);
  socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, nullptr, nullptr, 0, nullptr);
  if (socket_ == nullptr || !set_up(socket_, options)) {
    return Error{std::string("SCTP socket: ") + std::strerror(errno)};
  }
  usrsctp_set_upcall(socket_, &Association::wake, this);
  sockaddr_conn local = address_of(this, options.local_port);
  sockaddr_conn remote = address_of(this, options.remote_port);
  if (usrsctp_bind(socket_, generic(local), sizeof local) != 0 ||
      (usrsctp_connect(socket_, generic(remote), sizeof remote) != 0 && errno != EINPROGRESS) ||
      !set_packet_size(socket_, remote, options.packet_size)) {
    return Error{std::string("SCTP connect: ") + std::strerror(errno)};
  }
  return {};
}

Association::~Association() {
  if (socket_ != nullptr) {
    usrsctp_set_upcall(socket_, nullptr, nullptr);
    usrsctp_close(socket_);
  }
  usrsctp_deregister_address(this);
}

int Association::output(void* address, void* data, std::size_t size, std::uint8_t /*tos*/,
                        std::uint8_t /*set_df*/) {
  static_cast<Association*>(address)->port_.output({static_cast<std::uint8_t*>(data), size});
  return 0;
}

void Association::wake(struct socket* /*socket*/, void* self, int /*flags*/) {
  static_cast<Association*>(self)->port_.attend();
}

void Association::receive(Bytes packet) {
  if (state_ == State::Closed) {
    return;
  }
  usrsctp_conninput(this, packet.data(), packet.size(), 0);
  try_resets();
}

bool Association::read(Reader& reader) {
  if (state_ == State::Closed) {
    return false;
  }
  std::vector<std::uint8_t>& buffer = stack_.scratch_;
  sockaddr_conn from{};
  socklen_t from_size = sizeof from;
  sctp_rcvinfo info{};
  socklen_t info_size = sizeof info;
  unsigned int info_type = 0;
  int flags = 0;
  const ssize_t size = usrsctp_recvv(socket_, buffer.data(), buffer.size(), generic(from),
                                     &from_size, &info, &info_size, &info_type, &flags);
  if (size <= 0) {
    // The end without an event: the remote shut down in order.
    if (size == 0 || (errno != EWOULDBLOCK && errno != EAGAIN)) {
      close(reader);
    }
    return false;
  }
  const Bytes data(buffer.data(), static_cast<std::size_t>(size));
  if ((flags & MSG_NOTIFICATION) != 0) {
    notice(reader, data);
    return true;
  }
  return piece(reader, info.rcv_sid, ntohl(info.rcv_ppid), data, (flags & MSG_EOR) != 0);
}

bool Association::piece(Reader& reader, std::uint16_t stream, std::uint32_t protocol, Bytes data,
                        bool last) {
  std::string& message = partial_[stream];
  if (partial_bytes_ + data.size() > kMaxMessage) {
    reader.oversized();
    close(reader);
    return false;
  }
  partial_bytes_ += data.size();
  message.append(data.begin(), data.end());
  if (last) {
    partial_bytes_ -= message.size();
    std::string whole = std::move(message);
    partial_.erase(stream);
    reader.message(stream, protocol, std::move(whole));
  }
  return true;
}

void Association::notice(Reader& reader, Bytes event) {
  sctp_notification notification{};
  std::memcpy(&notification, event.data(), std::min(event.size(), sizeof notification));
  switch (notification.sn_header.sn_type) {
    case SCTP_ASSOC_CHANGE:
      if (notification.sn_assoc_change.sac_state == SCTP_COMM_UP) {
        state_ = State::Connected;
        reader.connected();
      } else if (notification.sn_assoc_change.sac_state != SCTP_RESTART) {
        close(reader);
      }
      break;
    case SCTP_PARTIAL_DELIVERY_EVENT:
      // Its sender gave a message up of which we have the beginning.
      partial_.clear();
      partial_bytes_ = 0;
      break;
    case SCTP_STREAM_RESET_EVENT: {
      const auto& reset = notification.sn_strreset_event;
      constexpr std::size_t kHead = offsetof(sctp_stream_reset_event, strreset_stream_list);
      if ((reset.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0) {
        for (std::size_t at = kHead; at + 2 <= event.size(); at += 2) {
          std::uint16_t stream = 0;
          std::memcpy(&stream, event.data() + at, sizeof stream);
          reader.stream_reset(stream);
        }
      }
      try_resets();
      break;
    }
    default:
      break;
  }
}

void Association::close(Reader& reader) {
  if (state_ != State::Closed) {
    state_ = State::Closed;
    reader.closed();
  }
}

Association::Sent Association::send(std::uint16_t stream, std::uint32_t protocol, Bytes payload,
                                    const Reliability& reliability) {
  if (state_ != State::Connected) {
    return state_ == State::Connecting ? Sent::Full : Sent::Closed;
  }
  sctp_sendv_spa info = send_info(stream, protocol, reliability);
  const ssize_t sent = usrsctp_sendv(socket_, payload.data(), payload.size(), nullptr, 0, &info,
                                     sizeof info, SCTP_SENDV_SPA, 0);
  if (sent >= 0) {
    return Sent::Queued;
  }
  const bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
  return full ? Sent::Full : Sent::Closed;
}

void Association::reset_stream(std::uint16_t stream) {
  resets_.insert(stream);
  try_resets();
}

void Association::try_resets() {
  if (resets_.empty() || state_ != State::Connected) {
    return;
  }
  std::vector<std::uint8_t> request(sizeof(sctp_reset_streams) +
                                    resets_.size() * sizeof(std::uint16_t));
  sctp_reset_streams head{};
  head.srs_flags = SCTP_STREAM_RESET_OUTGOING;
  head.srs_number_streams = static_cast<std::uint16_t>(resets_.size());
  std::memcpy(request.data(), &head, sizeof head);
  std::size_t at = offsetof(sctp_reset_streams, srs_stream_list);
  for (const std::uint16_t stream : resets_) {
    std::memcpy(request.data() + at, &stream, sizeof stream);
    at += sizeof stream;
  }
  // Refused while another request is under way: its answer brings us here again.
  const int result = usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_RESET_STREAMS, request.data(),
                                        static_cast<socklen_t>(at));
  if (result == 0 || errno == EINVAL) {
    resets_.clear();
  }
}

}  // namespace cardea::sctp
