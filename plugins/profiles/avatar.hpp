// Pictures of people: checked by their content and drawn anew, so that nothing else stays in them.
#pragma once

#include <string>
#include <string_view>

#include <cardea/sdk/result.hpp>

namespace cardea::profiles {

inline constexpr int kAvatarPixels = 256;
inline constexpr std::size_t kLargestUpload = 524'288;

/// [work] The middle of a PNG, JPEG or WebP as a PNG of kAvatarPixels squared.
Result<std::string> draw_avatar(std::string_view upload);

}  // namespace cardea::profiles
