// Dependency descriptor, the header extension of AV1 that tells each frame's layer and what it
// needs (RTP Payload Format For AV1, appendix A).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace cardea::rtp {

/// What a frame means to one decode target (A.8.1.1).
enum class Dti : std::uint8_t { NotPresent, Discardable, Switch, Required };

inline constexpr std::size_t kMaxDecodeTargets = 32;
inline constexpr std::size_t kMaxFrameTemplates = 64;

/// One indication for each decode target, two bits each.
class DtiSet {
 public:
  void set(std::size_t target, Dti value) {
    bits_ |= std::uint64_t{static_cast<std::uint8_t>(value)} << 2 * target;
  }
  [[nodiscard]] Dti at(std::size_t target) const {
    return static_cast<Dti>(bits_ >> 2 * target & 3);
  }

 private:
  std::uint64_t bits_ = 0;
};

struct FrameTemplate {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  /// Refers to no other frame.
  bool independent = true;
  DtiSet dtis;
};

/// What a key frame announces and later frames refer to.
struct DependencyStructure {
  std::uint8_t first_id = 0;  ///< of templates: they count from here modulo 64
  std::uint8_t template_count = 0;
  std::uint8_t target_count = 0;
  std::uint8_t spatial_layers = 1;
  std::array<FrameTemplate, kMaxFrameTemplates> templates;
  /// Highest temporal layer that each decode target takes in.
  std::array<std::uint8_t, kMaxDecodeTargets> target_temporal{};
};

struct DependencyDescriptor {
  bool starts_frame = false;
  bool ends_frame = false;
  std::uint16_t frame_number = 0;
  FrameTemplate frame;
  /// Behind this frame a decoder can go on with all temporal layers.
  bool switches_up = false;
  /// A structure came with it and stands in `structure` now.
  bool has_structure = false;
};

/// @param structure of the stream; replaced when the descriptor carries one and is good.
/// @returns nothing when malformed, or when it refers to a structure that is not there.
std::optional<DependencyDescriptor> parse_dependency_descriptor(
    Bytes value, std::optional<DependencyStructure>& structure);

}  // namespace cardea::rtp
