// Reads the dependency descriptor bit by bit.
#include "core/rtp/codec/dependency_descriptor.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace cardea::rtp {
namespace {

constexpr std::size_t kMandatoryBytes = 3;

/// Most significant bit first. Beyond the end it reads zeros and is not ok any more.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    for (; count > 0; --count, ++at_) {
      const bool inside = at_ / 8 < bytes_.size();
      ok_ = ok_ && inside;
      value = value << 1 | (inside ? bytes_[at_ / 8] >> (7 - at_ % 8) & 1U : 0U);
    }
    return value;
  }
  bool flag() { return bits(1) != 0; }
  /// ns(n): one of `count` values.
  std::uint32_t one_of(std::uint32_t count) {
    const auto width = static_cast<unsigned>(std::bit_width(count));
    const std::uint32_t shorter = (1U << width) - count;
    const std::uint32_t value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

bool read_layers(BitReader& in, DependencyStructure& out) {
  enum : std::uint32_t { SameLayer, NextTemporal, NextSpatial, NoMore };
  FrameTemplate next;
  for (std::uint32_t step = SameLayer; step != NoMore;) {
    if (out.template_count == kMaxFrameTemplates || !in.ok()) {
      return false;
    }
    out.templates[out.template_count++] = next;
    step = in.bits(2);
    if (step == NextTemporal) {
      ++next.temporal;
    } else if (step == NextSpatial) {
      next.temporal = 0;
      ++next.spatial;
    }
  }
  out.spatial_layers = static_cast<std::uint8_t>(next.spatial + 1);
  return next.spatial < 4;
}

void read_dtis(BitReader& in, std::size_t targets, DtiSet& out) {
  out = DtiSet();
  for (std::size_t target = 0; target < targets; ++target) {
    out.set(target, static_cast<Dti>(in.bits(2)));
  }
}

void skip_chains(BitReader& in, const DependencyStructure& structure) {
  const std::uint32_t chains = in.one_of(structure.target_count + 1U);
  if (chains == 0) {
    return;
  }
  for (std::size_t target = 0; target < structure.target_count; ++target) {
    in.one_of(chains);
  }
  for (std::size_t i = 0; i < structure.template_count && in.ok(); ++i) {
    for (std::uint32_t chain = 0; chain < chains; ++chain) {
      in.bits(4);
    }
  }
}

bool read_structure(BitReader& in, DependencyStructure& out) {
  out.first_id = static_cast<std::uint8_t>(in.bits(6));
  out.target_count = static_cast<std::uint8_t>(in.bits(5) + 1);
  if (!read_layers(in, out)) {
    return false;
  }
  const auto templates = std::span(out.templates).first(out.template_count);
  for (FrameTemplate& each : templates) {
    read_dtis(in, out.target_count, each.dtis);
  }
  for (FrameTemplate& each : templates) {
    while (in.ok() && in.flag()) {
      each.independent = false;
      in.bits(4);
    }
  }
  skip_chains(in, out);
  for (std::size_t target = 0; target < out.target_count; ++target) {
    for (const FrameTemplate& each : templates) {
      if (each.dtis.at(target) != Dti::NotPresent) {
        out.target_temporal[target] = std::max(out.target_temporal[target], each.temporal);
      }
    }
  }
  if (in.flag()) {
    for (std::size_t layer = 0; layer < out.spatial_layers; ++layer) {
      in.bits(32);  // width and height
    }
  }
  return in.ok();
}

void read_references(BitReader& in, FrameTemplate& frame) {
  frame.independent = true;
  while (const std::uint32_t size = in.bits(2)) {
    frame.independent = false;
    in.bits(4 * size);
    if (!in.ok()) {
      return;
    }
  }
}

struct Flags {
  bool structure = false;
  bool targets = false;
  bool dtis = false;
  bool references = false;
};

Flags read_flags(BitReader& in) {
  Flags out;
  out.structure = in.flag();
  out.targets = in.flag();
  out.dtis = in.flag();
  out.references = in.flag();
  in.flag();  // own chains, at the very end
  return out;
}

bool switches_up(const FrameTemplate& frame, const DependencyStructure& structure) {
  const auto targets = std::span(structure.target_temporal).first(structure.target_count);
  const std::uint8_t highest = *std::max_element(targets.begin(), targets.end());
  for (std::size_t target = 0; target < targets.size(); ++target) {
    if (targets[target] == highest && frame.dtis.at(target) == Dti::Switch) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<DependencyDescriptor> parse_dependency_descriptor(
    Bytes value, std::optional<DependencyStructure>& structure) {
  if (value.size() < kMandatoryBytes) {
    return std::nullopt;
  }
  BitReader in(value);
  DependencyDescriptor out;
  out.starts_frame = in.flag();
  out.ends_frame = in.flag();
  const std::uint32_t id = in.bits(6);
  out.frame_number = static_cast<std::uint16_t>(in.bits(16));
  const Flags flags = value.size() > kMandatoryBytes ? read_flags(in) : Flags();
  std::optional<DependencyStructure> announced;
  if (flags.structure && !read_structure(in, announced.emplace())) {
    return std::nullopt;
  }
  const auto& known = announced ? announced : structure;
  if (!known) {
    return std::nullopt;
  }
  const std::uint32_t index = (id + kMaxFrameTemplates - known->first_id) % kMaxFrameTemplates;
  if (index >= known->template_count) {
    return std::nullopt;
  }
  if (flags.targets) {
    in.bits(known->target_count);
  }
  out.frame = known->templates[index];
  if (flags.dtis) {
    read_dtis(in, known->target_count, out.frame.dtis);
  }
  if (flags.references) {
    read_references(in, out.frame);
  }
  if (!in.ok()) {
    return std::nullopt;
  }
  out.switches_up = switches_up(out.frame, *known);
  out.has_structure = announced.has_value();
  if (announced) {
    structure = announced;
  }
  return out;
}

}  // namespace cardea::rtp
