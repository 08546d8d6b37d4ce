// What forwarding costs at the least: a loop that receives, opens, seals for each viewer and sends
// in GSO runs, and does nothing else. A second process is publisher and viewers, at the pacing of
// the load generator. Usage: bare_loop_bench [viewers=100] [seconds=5] [gcm|cm] [address=127.0.0.1]
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/net/event_loop.hpp"
#include "core/net/udp_socket.hpp"
#include "core/peer/send_arena.hpp"
#include "core/srtp/session.hpp"

namespace {

using namespace cardea;

constexpr std::size_t kPayload = 1040;
constexpr std::size_t kAudioPayload = 100;
constexpr std::size_t kHeader = 12;
constexpr std::size_t kSlot = 1600;

srtp::Session session(srtp::Profile profile, std::size_t number) {
  std::vector<std::uint8_t> key(srtp::key_size(profile), static_cast<std::uint8_t>(number));
  const std::vector<std::uint8_t> salt(srtp::salt_size(profile), 7);
  key[1] = static_cast<std::uint8_t>(number >> 8);
  return *srtp::Session::create(profile, key, salt);
}

net::UdpSocket open_socket(const char* address) {
  net::UdpOptions options;
  options.bind = *Address::parse(address, 0);
  return *net::UdpSocket::open(options);
}

/// The loop under test.
class Loop {
 public:
  Loop(net::UdpSocket& socket, const std::vector<Address>& viewers, srtp::Profile profile)
      : socket_(socket),
        viewers_(viewers),
        incoming_(session(profile, 0)),
        memory_(net::UdpSocket::kMaxBatch * kSlot),
        slots_(net::UdpSocket::kMaxBatch),
        arena_(std::size_t{768} * 1024, 256, [this](auto runs) { send(runs); }) {
    for (std::size_t i = 0; i < viewers.size(); ++i) {
      outgoing_.push_back(session(profile, i + 1));
    }
  }

  void turn() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      slots_[i].buffer = MutableBytes(memory_).subspan(i * kSlot, kSlot);
    }
    const std::size_t count = socket_.receive_batch(slots_);
    std::vector<MutableBytes> open;
    for (std::size_t i = 0; i < count; ++i) {
      const MutableBytes bytes = slots_[i].bytes();
      if (const auto result = incoming_.unprotect_rtp(bytes)) {
        open.push_back(bytes.first(result.size));
      }
    }
    for (std::size_t i = 0; i < outgoing_.size(); ++i) {
      for (const MutableBytes packet : open) {
        forward(packet, i);
      }
    }
    arena_.flush();
  }
  [[nodiscard]] std::uint64_t forwarded() const { return forwarded_; }

 private:
  void forward(MutableBytes packet, std::size_t viewer) {
    std::array<std::uint8_t, kHeader> header{};
    std::memcpy(header.data(), packet.data(), header.size());
    store_u32(header.data() + 8, load_u32(packet.data() + 8) + 1000);
    const Bytes payload = packet.subspan(kHeader);
    const MutableBytes space = arena_.reserve(packet.size() + srtp::kMaxOverhead);
    const auto result = outgoing_[viewer].protect_rtp(header, payload, space);
    arena_.commit(viewers_[viewer], result.size);
    ++forwarded_;
  }
  void send(std::span<const peer::SendRun> runs) {
    out_.clear();
    for (const peer::SendRun& run : runs) {
      out_.push_back({run.to.remote, run.data, run.size, run.segment});
    }
    socket_.send_runs(out_);
  }

  net::UdpSocket& socket_;
  const std::vector<Address>& viewers_;
  srtp::Session incoming_;
  std::vector<srtp::Session> outgoing_;
  std::vector<std::uint8_t> memory_;
  std::vector<net::ReceiveSlot> slots_;
  peer::SendArena arena_;
  std::vector<net::SendRun> out_;
  std::uint64_t forwarded_ = 0;
};

/// Publisher and viewers, who open what they get as the load generator's do: where two threads
/// share a core, what the viewers do is felt in the loop.
class World {
 public:
  World(std::vector<net::UdpSocket>& sockets, const Address& server, srtp::Profile profile)
      : sockets_(sockets), server_(server), outgoing_(session(profile, 0)) {
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      incoming_.push_back(session(profile, i + 1));
    }
  }

  [[noreturn]] void run() {
    net::EventLoop loop;
    std::vector<std::uint8_t> memory(net::UdpSocket::kMaxBatch * kSlot);
    std::vector<net::ReceiveSlot> slots(net::UdpSocket::kMaxBatch);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      slots[i].buffer = MutableBytes(memory).subspan(i * kSlot, kSlot);
    }
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      static_cast<void>(loop.add(sockets_[i].fd(), EPOLLIN, [&, i](std::uint32_t) {
        const std::size_t count = sockets_[i].receive_batch(slots);
        for (std::size_t n = 0; n < count; ++n) {
          static_cast<void>(incoming_[i].unprotect_rtp(slots[n].bytes()));
        }
      }));
    }
    for (Time next = MonotonicClock::now();; next += std::chrono::milliseconds(1)) {
      while (MonotonicClock::now() < next) {
        loop.run_once(next - MonotonicClock::now());
      }
      tick();
    }
  }

 private:
  // Six packets of video in bursts of two, 5 ms apart, 30 times a second; audio each 20 ms.
  void tick() {
    const unsigned at = ticks_++ % 33;
    if (at == 0 || at == 5 || at == 10) {
      send(1, kPayload, video_seq_++);
      send(1, kPayload, video_seq_++);
    }
    if (ticks_ % 20 == 0) {
      send(2, kAudioPayload, audio_seq_++);
    }
  }
  void send(std::uint32_t ssrc, std::size_t payload, std::uint16_t seq) {
    std::array<std::uint8_t, kSlot> packet{};
    packet[0] = 0x80;
    packet[1] = 96;
    store_u16(packet.data() + 2, seq);
    store_u32(packet.data() + 8, ssrc);
    const auto result = outgoing_.protect_rtp(packet, kHeader + payload);
    sockets_.front().send(server_, Bytes(packet).first(result.size));
  }

  std::vector<net::UdpSocket>& sockets_;
  Address server_;
  srtp::Session outgoing_;
  std::vector<srtp::Session> incoming_;
  unsigned ticks_ = 0;
  std::uint16_t video_seq_ = 0;
  std::uint16_t audio_seq_ = 0;
};

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

void measure(Loop& loop, net::UdpSocket& socket, Duration time) {
  const auto run = [&](Duration length) {
    for (const Time end = MonotonicClock::now() + length; MonotonicClock::now() < end;) {
      pollfd ready{socket.fd(), POLLIN, 0};
      if (poll(&ready, 1, 100) > 0) {
        loop.turn();
      }
    }
  };
  run(std::chrono::milliseconds(500));
  const double before = cpu_us();
  const std::uint64_t forwarded = loop.forwarded();
  run(time);
  const auto packets = static_cast<double>(loop.forwarded() - forwarded);
  std::printf("{\"packets\":%.0f,\"cpu_us_per_packet\":%.3f}\n", packets,
              (cpu_us() - before) / packets);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t viewers = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100;
  const long seconds = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 5;
  const bool cm = argc > 3 && std::string_view(argv[3]) == "cm";
  const auto profile = cm ? srtp::Profile::Aes128CmSha1_80 : srtp::Profile::AeadAes128Gcm;
  const char* const address = argc > 4 ? argv[4] : "127.0.0.1";
  net::UdpSocket socket = open_socket(address);
  std::vector<net::UdpSocket> sockets;
  std::vector<Address> addresses;
  for (std::size_t i = 0; i < viewers; ++i) {
    sockets.push_back(open_socket(address));
    addresses.push_back(sockets.back().local_address());
  }
  const pid_t world = fork();
  if (world == 0) {
    World(sockets, socket.local_address(), profile).run();
  }
  sockets.clear();
  Loop loop(socket, addresses, profile);
  measure(loop, socket, std::chrono::seconds(seconds));
  kill(world, SIGKILL);
  waitpid(world, nullptr, 0);
  return 0;
}
