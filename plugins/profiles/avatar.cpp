#include "plugins/profiles/avatar.hpp"

#include <algorithm>
#include <memory>

#include <gd.h>

#include "plugins/profiles/image_size.hpp"

namespace cardea::profiles {

namespace {

// A small file may claim a picture that fills the memory.
constexpr std::uint32_t kLongestSide = 8192;
constexpr std::uint64_t kMostPixels = 25'000'000;

using Image = std::unique_ptr<gdImage, decltype(&gdImageDestroy)>;

bool is_drawable(const ImageSize& size) {
  return size.width > 0 && size.height > 0 && size.width <= kLongestSide &&
         size.height <= kLongestSide &&
         static_cast<std::uint64_t>(size.width) * size.height <= kMostPixels;
}

Image decode(ImageType type, std::string_view upload) {
  std::string copy(upload);
  const int size = static_cast<int>(copy.size());
  switch (type) {
    case ImageType::Png:
      return {gdImageCreateFromPngPtr(size, copy.data()), gdImageDestroy};
    case ImageType::Jpeg:
      return {gdImageCreateFromJpegPtr(size, copy.data()), gdImageDestroy};
    case ImageType::Webp:
      return {gdImageCreateFromWebpPtr(size, copy.data()), gdImageDestroy};
  }
  return {nullptr, gdImageDestroy};
}

// Its complaints go to the client as one sentence, not to the server's standard error.
void ignore_complaints() {
  gdSetErrorMethod([](int, const char*, va_list) {});
}

}  // namespace

Result<std::string> draw_avatar(std::string_view upload) {
  const auto size = image_size(upload);
  if (!size) {
    return Error{"The picture is no PNG, JPEG or WebP"};
  }
  if (!is_drawable(*size)) {
    return Error{"The picture has too many pixels"};
  }
  ignore_complaints();
  const Image from = decode(size->type, upload);
  const Image to(gdImageCreateTrueColor(kAvatarPixels, kAvatarPixels), gdImageDestroy);
  if (from == nullptr || to == nullptr) {
    return Error{"The picture is damaged"};
  }
  const int side = std::min(gdImageSX(from.get()), gdImageSY(from.get()));
  gdImageAlphaBlending(to.get(), 0);
  gdImageSaveAlpha(to.get(), 1);
  gdImageCopyResampled(to.get(), from.get(), 0, 0, (gdImageSX(from.get()) - side) / 2,
                       (gdImageSY(from.get()) - side) / 2, kAvatarPixels, kAvatarPixels, side,
                       side);
  int bytes = 0;
  const std::unique_ptr<void, decltype(&gdFree)> png(gdImagePngPtr(to.get(), &bytes), gdFree);
  if (png == nullptr) {
    return Error{"The picture cannot be drawn"};
  }
  return std::string(static_cast<const char*>(png.get()), static_cast<std::size_t>(bytes));
}

}  // namespace cardea::profiles
