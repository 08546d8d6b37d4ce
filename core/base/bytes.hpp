// Views of bytes, and a reader and a writer in network byte order that cannot leave their span.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace cardea {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::uint16_t load_u16(const std::uint8_t* p) {
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}

inline std::uint32_t load_u24(const std::uint8_t* p) {
  return (std::uint32_t{p[0]} << 16) | (std::uint32_t{p[1]} << 8) | p[2];
}

inline std::uint32_t load_u32(const std::uint8_t* p) {
  return (std::uint32_t{load_u16(p)} << 16) | load_u16(p + 2);
}

inline std::uint64_t load_u64(const std::uint8_t* p) {
  return (std::uint64_t{load_u32(p)} << 32) | load_u32(p + 4);
}

inline void store_u16(std::uint8_t* p, std::uint16_t value) {
  p[0] = static_cast<std::uint8_t>(value >> 8);
  p[1] = static_cast<std::uint8_t>(value);
}

inline void store_u24(std::uint8_t* p, std::uint32_t value) {
  p[0] = static_cast<std::uint8_t>(value >> 16);
  store_u16(p + 1, static_cast<std::uint16_t>(value));
}

inline void store_u32(std::uint8_t* p, std::uint32_t value) {
  store_u16(p, static_cast<std::uint16_t>(value >> 16));
  store_u16(p + 2, static_cast<std::uint16_t>(value));
}

inline void store_u64(std::uint8_t* p, std::uint64_t value) {
  store_u32(p, static_cast<std::uint32_t>(value >> 32));
  store_u32(p + 4, static_cast<std::uint32_t>(value));
}

/// Reads big-endian fields from a borrowed span. A read past the end yields zero (or an empty span)
/// and clears ok() for good, so a parser reads a whole structure and asks once.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] Bytes rest() const { return rest_; }

  std::uint8_t u8() {
    const Bytes b = bytes(1);
    return b.empty() ? std::uint8_t{0} : b[0];
  }
  std::uint16_t u16() {
    const Bytes b = bytes(2);
    return b.empty() ? std::uint16_t{0} : load_u16(b.data());
  }
  std::uint32_t u24() {
    const Bytes b = bytes(3);
    return b.empty() ? 0U : load_u24(b.data());
  }
  std::uint32_t u32() {
    const Bytes b = bytes(4);
    return b.empty() ? 0U : load_u32(b.data());
  }
  std::uint64_t u64() {
    const Bytes b = bytes(8);
    return b.empty() ? 0U : load_u64(b.data());
  }
  Bytes bytes(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) { bytes(count); }

 private:
  Bytes rest_;
  bool ok_ = true;
};

/// Writes big-endian fields into a borrowed span. A write that does not fit is left out and clears
/// ok() for good.
class ByteWriter {
 public:
  explicit ByteWriter(MutableBytes out) : out_(out) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t left() const { return out_.size() - size_; }
  [[nodiscard]] Bytes written() const { return out_.first(size_); }

  void u8(std::uint8_t value) {
    if (auto* p = claim(1)) {
      *p = value;
    }
  }
  void u16(std::uint16_t value) {
    if (auto* p = claim(2)) {
      store_u16(p, value);
    }
  }
  void u24(std::uint32_t value) {
    if (auto* p = claim(3)) {
      store_u24(p, value);
    }
  }
  void u32(std::uint32_t value) {
    if (auto* p = claim(4)) {
      store_u32(p, value);
    }
  }
  void u64(std::uint64_t value) {
    if (auto* p = claim(8)) {
      store_u64(p, value);
    }
  }
  void bytes(Bytes value) {
    auto* p = claim(value.size());
    if (p != nullptr && !value.empty()) {
      std::memcpy(p, value.data(), value.size());
    }
  }
  void zeros(std::size_t count) {
    if (auto* p = claim(count)) {
      std::memset(p, 0, count);
    }
  }
  /// Overwrites two bytes that were written before, e.g. a length known at the end.
  void patch_u16(std::size_t offset, std::uint16_t value) {
    if (offset + 2 <= size_) {
      store_u16(out_.data() + offset, value);
    }
  }

 private:
  std::uint8_t* claim(std::size_t count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return nullptr;
    }
    auto* p = out_.data() + size_;
    size_ += count;
    return p;
  }

  MutableBytes out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace cardea
