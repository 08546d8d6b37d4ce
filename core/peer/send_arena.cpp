// Groups committed datagrams into runs.
#include "core/peer/send_arena.hpp"

#include <cstring>

namespace cardea::peer {

SendArena::SendArena(std::size_t bytes, std::size_t max_runs, Flush flush)
    : memory_(new std::uint8_t[bytes]),
      size_(bytes),
      max_runs_(max_runs),
      flush_(std::move(flush)) {
  runs_.reserve(max_runs);
}

bool SendArena::extends_last(const Path& to, std::size_t size) const {
  if (!run_open_ || runs_.empty()) {
    return false;
  }
  const SendRun& last = runs_.back();
  return size <= last.segment && last.size + size <= kMaxRunBytes &&
         last.size < kMaxSegments * std::uint32_t{last.segment} && last.to == to;
}

void SendArena::commit(const Path& to, std::size_t size) {
  // Without a path for now (a TCP connection was lost): as if lost on the way.
  if (size == 0 || to.empty()) {
    return;
  }
  const auto bytes = static_cast<std::uint32_t>(size);
  if (extends_last(to, size)) {
    SendRun& last = runs_.back();
    last.size += bytes;
    run_open_ = bytes == last.segment;
    used_ += size;
    return;
  }
  if (runs_.size() == max_runs_) {
    // The new datagram lies behind the ones that leave now; it must survive them.
    std::uint8_t* const data = memory_.get() + used_;
    flush();
    std::memmove(memory_.get(), data, size);
  }
  runs_.push_back({to, memory_.get() + used_, bytes, static_cast<std::uint16_t>(size)});
  run_open_ = true;
  used_ += size;
}

void SendArena::add(const Path& to, Bytes datagram) {
  if (datagram.empty() || datagram.size() > kMaxDatagram) {
    return;
  }
  std::memcpy(reserve(datagram.size()).data(), datagram.data(), datagram.size());
  commit(to, datagram.size());
}

void SendArena::flush() {
  if (!runs_.empty()) {
    flush_(runs_);
    runs_.clear();
  }
  used_ = 0;
  run_open_ = false;
}

}  // namespace cardea::peer
