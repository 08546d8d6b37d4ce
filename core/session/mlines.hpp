// The m-lines of a description as the C structs that features read.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <cardea/sdp.h>

#include "core/sdp/description.hpp"
#include "core/sdp/negotiated.hpp"

namespace cardea::session {

/// Owns the structs and all that they point to. Moves keep the pointers valid; copies do not exist.
class MlineArray {
 public:
  MlineArray() = default;
  /// What a client offers or answers: all its codecs, its directions.
  explicit MlineArray(const sdp::Description& remote);
  /// What both agreed on: one entry per m-line of `remote`; those not in use are inactive and have
  /// no codec.
  MlineArray(const sdp::Description& remote, const std::vector<sdp::NegotiatedLine>& negotiated);
  MlineArray(MlineArray&&) = default;
  MlineArray& operator=(MlineArray&&) = default;
  MlineArray(const MlineArray&) = delete;
  MlineArray& operator=(const MlineArray&) = delete;

  [[nodiscard]] const cardea_mline_t* data() const { return lines_.data(); }
  [[nodiscard]] std::size_t size() const { return lines_.size(); }

 private:
  cardea_mline_t& add(const sdp::MediaLine& line);
  void add_codecs(cardea_mline_t& out, const sdp::MediaLine& line);
  void add_negotiated(cardea_mline_t& out, const sdp::NegotiatedLine& line);
  void add_rids(cardea_mline_t& out, const std::vector<std::string>& rids);
  // Deques, because their elements stay where they are.
  const char* keep(std::string text);
  static cardea_str_t view(const char* text);

  std::vector<cardea_mline_t> lines_;
  std::deque<std::string> texts_;
  std::deque<std::vector<cardea_codec_t>> codecs_;
  std::deque<std::vector<const char*>> rids_;
};

cardea_kind_t kind_of(sdp::MediaKind kind);
cardea_direction_t direction_of(sdp::Direction direction);

}  // namespace cardea::session
