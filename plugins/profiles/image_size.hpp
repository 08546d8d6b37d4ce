// How large a picture is, out of its first bytes: before anything unpacks it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cardea::profiles {

enum class ImageType { Png, Jpeg, Webp };

struct ImageSize {
  ImageType type = ImageType::Png;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// None when it is no PNG, JPEG or WebP, whatever its name says.
std::optional<ImageSize> image_size(std::string_view bytes);

}  // namespace cardea::profiles
