// A feature's plan in C structs, as the plan that the SDP writer takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>
#include <cardea/sdp.h>

#include "core/sdp/description.hpp"
#include "core/sdp/line_plan.hpp"

namespace cardea::session {

/// What stays the same on one connection however often it is renegotiated.
class LocalStreams {
 public:
  struct Ssrcs {
    std::uint32_t media = 0;
    std::uint32_t rtx = 0;
  };
  LocalStreams();
  /// SSRCs of one m-line: random at first, then always the same. None is given twice.
  Ssrcs ssrcs(std::size_t line);
  [[nodiscard]] const std::string& cname() const { return cname_; }

 private:
  std::uint32_t fresh();

  std::map<std::size_t, Ssrcs> lines_;
  std::string cname_;
};

/// Plans for an answer, one per plan of the feature.
/// @returns an error when there are more plans than m-lines, or of another kind.
Result<std::vector<sdp::LinePlan>> answer_lines(const cardea_jsep_plan_t& plan,
                                                const sdp::Description& offer,
                                                LocalStreams& streams);

/// Plans for our offer.
/// @param previous the last local description, or null: its m-lines keep place, kind and mid.
/// @returns an error when an earlier m-line is missing or changes its kind, or a mid comes twice.
Result<std::vector<sdp::LinePlan>> offer_lines(const cardea_jsep_plan_t& plan,
                                               const sdp::Description* previous,
                                               LocalStreams& streams);

}  // namespace cardea::session
