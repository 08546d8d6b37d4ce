#include "plugins/profiles/image_size.hpp"

namespace cardea::profiles {

namespace {

using namespace std::string_view_literals;

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
std::uint32_t big16(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}
std::uint32_t big32(std::string_view bytes, std::size_t at) {
  return big16(bytes, at) << 16 | big16(bytes, at + 2);
}
std::uint32_t little16(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}
std::uint32_t little24(std::string_view bytes, std::size_t at) {
  return little16(bytes, at) | byte_at(bytes, at + 2) << 16;
}

// The first chunk is IHDR (PNG 11.2.1).
std::optional<ImageSize> png_size(std::string_view bytes) {
  if (bytes.size() < 24 || bytes.substr(12, 4) != "IHDR") {
    return std::nullopt;
  }
  return ImageSize{ImageType::Png, big32(bytes, 16), big32(bytes, 20)};
}

// Segments until a frame header: SOF0 to SOF15 without DHT, JPG and DAC (T.81 B.1.1.3).
std::optional<ImageSize> jpeg_size(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 9 < bytes.size() && byte_at(bytes, at) == 0xFF) {
    const std::uint32_t marker = byte_at(bytes, at + 1);
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      return ImageSize{ImageType::Jpeg, big16(bytes, at + 7), big16(bytes, at + 5)};
    }
    at += marker == 0xFF ? 1 : 2 + big16(bytes, at + 2);
  }
  return std::nullopt;
}

// RFC 9649: one of three first chunks.
std::optional<ImageSize> webp_size(std::string_view bytes) {
  if (bytes.size() < 30) {
    return std::nullopt;
  }
  const std::string_view chunk = bytes.substr(12, 4);
  if (chunk == "VP8X") {
    return ImageSize{ImageType::Webp, little24(bytes, 24) + 1, little24(bytes, 27) + 1};
  }
  if (chunk == "VP8L" && byte_at(bytes, 20) == 0x2F) {
    const std::uint32_t bits = little24(bytes, 21) | byte_at(bytes, 24) << 24;
    return ImageSize{ImageType::Webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (chunk == "VP8 " && bytes.substr(23, 3) == "\x9D\x01\x2A"sv) {
    return ImageSize{ImageType::Webp, little16(bytes, 26) & 0x3FFF, little16(bytes, 28) & 0x3FFF};
  }
  return std::nullopt;
}

}  // namespace

std::optional<ImageSize> image_size(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) {
    return png_size(bytes);
  }
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
    return jpeg_size(bytes);
  }
  if (bytes.size() > 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") {
    return webp_size(bytes);
  }
  return std::nullopt;
}

}  // namespace cardea::profiles
