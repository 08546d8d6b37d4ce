// SDP: parse, write, parse again must agree; answering and negotiating must
// survive whatever was parsed.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/sdp/answerer.hpp"
#include "core/sdp/negotiated.hpp"
#include "core/sdp/parser.hpp"
#include "core/sdp/security.hpp"
#include "core/sdp/writer.hpp"

namespace {

using namespace cardea::sdp;  // NOLINT: the folder under test
using cardea::rtp::Codec;
using cardea::rtp::ExtensionKind;

// Writing spreads session-level values and wildcards over the m-lines, so the
// second pass may be larger.
ParseLimits wide_limits() {
  ParseLimits limits;
  limits.max_bytes = std::size_t{64} * 1024 * 1024;
  limits.max_attributes = 10'000;
  limits.max_line_bytes = std::size_t{64} * 1024;
  return limits;
}

void must_read_back(const Description& description) {
  const auto again = parse(write(description), wide_limits());
  if (!again || !(*again == description)) {
    std::abort();
  }
}

std::vector<LinePlan> plans_for(const Description& offer) {
  std::vector<LinePlan> plans;
  for (const MediaLine& line : offer.media) {
    LinePlan plan;
    plan.kind = line.kind;
    plan.codecs = {{Codec::Opus, {}, true, true},
                   {Codec::H264, {}, true, false},
                   {Codec::Vp8, {}, true, false},
                   {Codec::Pcmu, {}, true, false}};
    plan.extensions = {ExtensionKind::Mid, ExtensionKind::Rid, ExtensionKind::AudioLevel};
    plan.accept_simulcast = true;
    plan.mid = line.mid;
    plan.msid_stream = "s";
    plan.ssrc = 1;
    plan.rtx_ssrc = 2;
    plans.push_back(plan);
  }
  return plans;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = parse(cardea::as_text(cardea::Bytes(data, size)));
  if (!parsed) {
    return 0;
  }
  must_read_back(*parsed);
  (void)check_secure(*parsed).ok();
  LocalTransport transport;
  transport.ufrag = "abcdefgh";
  transport.pwd = "0123456789012345678901";
  transport.fingerprint_sha256 = "00:11";
  transport.candidates = {"1 1 UDP 1 127.0.0.1 9 typ host"};
  const auto plans = plans_for(*parsed);
  if (const auto answer = make_answer(*parsed, plans, transport)) {
    must_read_back(*answer);
    negotiated(*answer, *parsed);
    negotiated(*parsed, *answer);
    make_offer(plans, transport, &*answer);
  }
  make_offer(plans, transport, &*parsed);
  return 0;
}
