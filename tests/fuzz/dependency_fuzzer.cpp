// Dependency descriptors: the input is cut into pieces, each behind its length, that come one after
// the other on one stream.
#include <cstdlib>

#include "core/rtp/codec/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea::rtp;
  std::optional<DependencyStructure> structure;
  cardea::Bytes rest(data, size);
  while (!rest.empty()) {
    const std::size_t length = std::min<std::size_t>(rest[0], rest.size() - 1);
    const auto out = parse_dependency_descriptor(rest.subspan(1, length), structure);
    rest = rest.subspan(1 + length);
    if (!out) {
      continue;
    }
    FrameInfo frame;
    add_dependencies(frame, *out);
    const bool sane = structure && structure->template_count > 0 && structure->target_count > 0 &&
                      structure->template_count <= kMaxFrameTemplates &&
                      structure->target_count <= kMaxDecodeTargets && frame.spatial >= 0 &&
                      frame.spatial < structure->spatial_layers && frame.temporal >= 0;
    if (!sane) {
      std::abort();
    }
  }
  return 0;
}
