// The thin I/O around a shard.
#include "core/media/worker.hpp"

#include <algorithm>

namespace cardea::media {
namespace {

// Control posts a few messages per client action; this many waiting means that the worker hangs.
constexpr std::size_t kMailbox = std::size_t{256} * 1024;
// Batches of packets, one per peer and turn of the data thread.
constexpr std::size_t kDataMailbox = std::size_t{8} * 1024;
constexpr Duration kPublish = std::chrono::seconds(1);

}  // namespace

Worker::Worker(const WorkerOptions& options, Sockets sockets, Crew& crew, unsigned index,
               peer::Identity identity, log::Logger log, metrics::Registry& metrics,
               Mailbox<DataInput>& data)
    : udp_(std::move(sockets.udp)),
      log_(std::move(log)),
      metrics_(metrics),
      pool_(options.packet_buffers),
      neighbours_(crew, index),
      shard_(
          options.shard, std::move(identity), pool_,
          [this](std::span<const peer::SendRun> runs) {
            udp_.send(runs);
            tcp_.send(runs);
          },
          [this](std::span<const peer::SendRun> runs) { plain_.send(runs); }),
      tcp_(options.tcp, std::move(sockets.tcp), loop_, pool_, metrics,
           {[this](std::span<const Datagram> batch) { shard_.receive(batch, loop_.now()); },
            [this](const Path& path) { shard_.stream_closed(path, loop_.now()); }}),
      plain_(loop_, log_,
             [this](MutableBytes datagram, const Address& from) {
               shard_.receive_plain(datagram, from, loop_.now());
             }),
      commands_(kMailbox),
      notices_(kMailbox),
      data_(data),
      data_packets_(kDataMailbox),
      batch_(net::UdpSocket::kMaxBatch),
      slots_(net::UdpSocket::kMaxBatch) {
  shard_.set_owner(*this);
  shard_.set_send_from([this](PeerId receiver, const Address& to, Bytes datagram) {
    if (const auto found = receivers_.find(receiver); found != receivers_.end()) {
      found->second->send(to, datagram);
    }
  });
}

void Worker::run() {
  const auto watch = [this](int fd, auto handler) {
    const auto added = loop_.add(fd, EPOLLIN, [handler](std::uint32_t) { handler(); });
    if (!added) {
      log_.error("media worker: {}", added.error().message);
    }
  };
  for (net::UdpSocket& socket : udp_.sockets()) {
    watch(socket.fd(), [this, &socket] { on_readable(socket); });
  }
  tcp_.start();
  watch(commands_.fd(), [this] { on_commands(); });
  watch(neighbours_.mailbox().fd(), [this] { on_crew(); });
  watch(data_packets_.fd(), [this] { on_data_packets(); });
  while (!stopped_.load(std::memory_order_acquire)) {
    const Time next = std::min(shard_.next_deadline(), next_publish_);
    loop_.run_once(std::max(next - MonotonicClock::now(), Duration::zero()));
    end_of_turn();
  }
  // Peers that control said goodbye to just before the end still get their farewell.
  on_commands();
  shard_.close_all();
  metrics_.publish(shard_, pool_, udp_);
  while (!receivers_.empty()) {
    close_receiver(receivers_.begin()->first);
  }
  for (const net::UdpSocket& socket : udp_.sockets()) {
    loop_.remove(socket.fd());
  }
  loop_.remove(commands_.fd());
  loop_.remove(neighbours_.mailbox().fd());
  loop_.remove(data_packets_.fd());
}

void Worker::stop() {
  stopped_.store(true, std::memory_order_release);
  loop_.stop();
}

void Worker::on_commands() {
  for (Command& command : commands_.take_all()) {
    shard_.apply(command, loop_.now());
    if (const auto* added = std::get_if<AddReceiver>(&command)) {
      open_receiver(*added);
    } else if (const auto* removed = std::get_if<RemoveReceiver>(&command)) {
      close_receiver(removed->receiver);
    }
  }
}

void Worker::on_crew() {
  for (CrewMessage& message : neighbours_.mailbox().take_all()) {
    std::visit([this](auto& value) { take(value); }, message);
  }
}

void Worker::take(const HandOver& over) {
  neighbours_.set_origin(over.from);
  feed(over.batch, nullptr);
  neighbours_.set_origin(std::nullopt);
}

void Worker::take(ConnectionOver& over) {
  const Path path = tcp_.adopt(std::move(over.connection), over.remote);
  if (!path.empty()) {
    feed(over.batch, &path);
  }
}

/// @param path null: what stands in the batch.
void Worker::feed(const DatagramBatch& batch, const Path* path) {
  std::size_t at = 0;
  for (const DatagramBatch::Piece& piece : batch.pieces) {
    PacketRef buffer = pool_.take();
    if (buffer) {
      std::copy_n(batch.bytes.begin() + static_cast<std::ptrdiff_t>(at), piece.size,
                  buffer.space().begin());
      fed_.push_back({std::move(buffer), piece.size, path == nullptr ? piece.from : *path});
    }
    at += piece.size;
  }
  shard_.receive(fed_, loop_.now());
  fed_.clear();
}

void Worker::move_connections() {
  for (Neighbours::Move& move : neighbours_.take_moves()) {
    if (auto connection = tcp_.take(move.path)) {
      neighbours_.move(move.to, {std::move(connection), move.path.remote, std::move(move.batch)});
    }
  }
}

void Worker::path_claimed(const Path& path) {
  if (path.is_stream()) {
    tcp_.proven(path);
  } else {
    neighbours_.claimed(path);
  }
}

void Worker::path_released(const Path& path) {
  if (path.is_stream()) {
    tcp_.drop(path);
  } else {
    neighbours_.released(path);
  }
}

void Worker::on_data_packets() { shard_.send_data(data_packets_.take_all(), loop_.now()); }

void Worker::open_receiver(const AddReceiver& command) {
  const PeerId id = command.receiver;
  net::UdpSocket& socket = *command.socket;
  receivers_[id] = command.socket;
  const auto watched = loop_.add(socket.fd(), EPOLLIN, [this, id, &socket](std::uint32_t) {
    shard_.receive_for(id, read_batch(socket), loop_.now());
  });
  if (!watched) {
    log_.error("receiver of plain RTP: {}", watched.error().message);
  }
}

void Worker::close_receiver(PeerId receiver) {
  const auto found = receivers_.find(receiver);
  if (found != receivers_.end()) {
    loop_.remove(found->second->fd());
    receivers_.erase(found);
  }
}

void Worker::on_readable(net::UdpSocket& socket) {
  shard_.receive(read_batch(socket), loop_.now());
}

std::span<const Datagram> Worker::read_batch(net::UdpSocket& socket) {
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    // A buffer that a cache has kept is not ours to write to any more.
    if (!batch_[i].buffer || batch_[i].buffer.shared()) {
      batch_[i].buffer = pool_.take();
    }
    slots_[i].buffer = batch_[i].buffer ? batch_[i].buffer.space() : MutableBytes();
  }
  const std::size_t count = socket.receive_batch(slots_);
  for (std::size_t i = 0; i < count; ++i) {
    // receive_batch() lets slots change places when it leaves a datagram out.
    for (std::size_t j = i; batch_[i].buffer.space().data() != slots_[i].buffer.data(); ++j) {
      std::swap(batch_[i].buffer, batch_[j].buffer);
    }
    batch_[i].size = slots_[i].size;
    batch_[i].from = udp_.path_of(slots_[i]);
  }
  return std::span(batch_).first(count);
}

void Worker::end_of_turn() {
  const Time now = loop_.now();
  shard_.poll(now);
  neighbours_.flush();
  move_connections();
  tcp_.sweep();
  look_at_load(now);
  pass_data();
  for (Notice& notice : shard_.take_notices()) {
    unsent_notices_.push_back(std::move(notice));
  }
  // Control may be behind; a notice must not get lost, or a dead peer would live on there.
  const auto unsent = std::find_if(unsent_notices_.begin(), unsent_notices_.end(),
                                   [this](const Notice& notice) { return !notices_.post(notice); });
  unsent_notices_.erase(unsent_notices_.begin(), unsent);
  if (now >= next_publish_) {
    next_publish_ = now + kPublish;
    metrics_.publish(shard_, pool_, udp_);
  }
}

void Worker::look_at_load(Time now) {
  if (!shedder_.due(now)) {
    return;
  }
  const double before = shedder_.share();
  const double share = shedder_.look(udp_.backlog(), now);
  if (before == 0 && share > 0) {
    log_.warn("the media worker cannot keep up: some viewers get less video");
  }
  shard_.shed(share, now);
}

void Worker::pass_data() {
  for (DataInput& input : shard_.take_data_inputs()) {
    if (auto* up = std::get_if<DataUp>(&input)) {
      up->packets = &data_packets_;
    }
    // Packets may be lost, as on any path; what begins and ends channels may not.
    const bool always = !std::holds_alternative<PeerPackets>(input);
    static_cast<void>(data_.post(std::move(input), always));
  }
}

}  // namespace cardea::media
