#include "core/media/dump_file.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>

namespace cardea::media {
namespace {

constexpr mode_t kMode = 0640;
constexpr std::int64_t kMicro = 1'000'000;
constexpr std::size_t kHeaders = 20 + 8;
// Made up: the packets lie between addresses for documentation (RFC 5737).
constexpr std::uint32_t kClient = 0xC000'0201;
constexpr std::uint32_t kServer = 0xC000'0202;
constexpr std::uint16_t kPort = 5004;

template <typename... Numbers>
std::array<std::uint8_t, sizeof...(Numbers) * 4> words(Numbers... numbers) {
  std::array<std::uint8_t, sizeof...(Numbers) * 4> out{};
  std::uint8_t* at = out.data();
  ((store_u32(at, static_cast<std::uint32_t>(numbers)), at += 4), ...);
  return out;
}

/// IPv4 and UDP around a packet (RFC 791, 768); without checksums.
std::array<std::uint8_t, kHeaders> headers(bool incoming, std::size_t size) {
  std::array<std::uint8_t, kHeaders> out{0x45};
  store_u16(out.data() + 2, static_cast<std::uint16_t>(kHeaders + size));
  out[8] = 64;
  out[9] = 17;
  store_u32(out.data() + 12, incoming ? kClient : kServer);
  store_u32(out.data() + 16, incoming ? kServer : kClient);
  store_u16(out.data() + 20, kPort);
  store_u16(out.data() + 22, kPort);
  store_u16(out.data() + 24, static_cast<std::uint16_t>(8 + size));
  return out;
}

}  // namespace

DumpFile::DumpFile(const DumpSettings& settings, log::Logger log)
    : settings_(settings), log_(std::move(log)) {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  wall_offset_ =
      std::chrono::duration_cast<Duration>(wall) - MonotonicClock::now().time_since_epoch();
}

Result<std::shared_ptr<DumpFile>> DumpFile::open(const DumpSettings& settings, log::Logger log) {
  std::shared_ptr<DumpFile> out(new DumpFile(settings, std::move(log)));
  // A link must not lead out of the folder.
  const int descriptor =
      ::open(settings.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kMode);
  if (descriptor < 0) {
    return Error{settings.path + ": " + std::strerror(errno)};
  }
  out->file_.reset(::fdopen(descriptor, "wb"));
  // Version 2.4, packets up to 65,535 bytes, link type 101: raw IP.
  if (!settings.text && !out->put(words(0xA1B2C3D4, 2U << 16U | 4U, 0, 0, 65'535, 101))) {
    return Error{settings.path + ": could not be written"};
  }
  return out;
}

void DumpFile::packets(std::span<const ObservedPacket> packets, std::uint64_t /*lost*/) {
  if (!file_) {
    return;
  }
  bool good = true;
  for (const ObservedPacket& packet : packets) {
    good = good && write(packet);
  }
  if (!good || std::fflush(file_.get()) != 0) {
    log_.warn("{}: ends after {} bytes", settings_.path, written_);
    file_.reset();
  }
}

bool DumpFile::write(const ObservedPacket& observed) {
  const bool incoming = observed.packet[0] != 0;
  const Bytes packet = observed.packet.subspan(1);
  const bool cut = settings_.truncate != 0 && settings_.truncate < packet.size();
  const Bytes kept = cut ? packet.first(settings_.truncate) : packet;
  const Duration at = observed.arrival.time_since_epoch() + wall_offset_;
  return settings_.text ? write_text(incoming, at, kept) : write_pcap(incoming, packet, at, kept);
}

bool DumpFile::write_pcap(bool incoming, Bytes packet, Duration at, Bytes kept) {
  return put(words(at.count() / kMicro, at.count() % kMicro, kHeaders + kept.size(),
                   kHeaders + packet.size())) &&
         put(headers(incoming, packet.size())) && put(kept);
}

bool DumpFile::write_text(bool incoming, Duration at, Bytes kept) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const std::time_t seconds = at.count() / kMicro;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> clock{};
  const std::size_t size = std::strftime(clock.data(), clock.size(), "%H:%M:%S", &parts);
  const std::string micro = std::to_string(kMicro + at.count() % kMicro).substr(1);
  std::string line = std::string(incoming ? "I " : "O ") + std::string(clock.data(), size) + "." +
                     micro + " 000000";
  for (const std::uint8_t byte : kept) {
    line += ' ';
    line += kDigits[byte >> 4U];
    line += kDigits[byte & 15U];
  }
  return put(as_bytes(line + "\n"));
}

bool DumpFile::put(Bytes bytes) {
  written_ += bytes.size();
  return written_ <= kMaxBytes &&
         std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
}

}  // namespace cardea::media
