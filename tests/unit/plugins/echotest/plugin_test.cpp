// EchoTest: answers, settings and routes.
#include "tests/support/cmocka.hpp"
#include "tests/support/fake_host.hpp"

namespace {

using namespace cardea;
using tests::FakeHost;
using tests::Offer;

const Offer kOffer = {{CARDEA_AUDIO, "0", {"opus"}, CARDEA_SENDRECV},
                      {CARDEA_VIDEO, "1", {"vp8", "vp9"}, CARDEA_SENDRECV},
                      {CARDEA_DATA, "2", {}, CARDEA_SENDRECV}};

int code(const tests::Said& said) { return static_cast<int>(said.body["error_code"].as_int()); }

void sends_every_media_line_back_on_itself(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  const auto said = host.offer(handle, Json::object({{"audio", true}}), kOffer);
  assert_string_equal(said.body["result"].text_or().c_str(), "ok");
  assert_int_equal(said.jsep, CARDEA_JSEP_ANSWER);
  assert_int_equal(host.routes.size(), 2);
  for (const auto& [id, route] : host.routes) {
    assert_true(route.from == handle && route.to == handle);
    assert_int_equal(route.from_mline, route.to_mline);
  }
}

void answers_texts_with_a_text_of_its_own_and_bytes_as_they_are(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  const auto said = host.offer(handle, Json::object(), kOffer);
  assert_false(said.lines[2].reject);
  host.media_up(handle);
  host.data_up(handle);
  host.data(handle, {"any", "sub", false, "hello"});
  host.data(handle, {"any", "sub", true, std::string("\0\1", 2)});
  const auto got = host.take_data(handle);
  assert_int_equal(got.size(), 2);
  assert_string_equal(got[0].label.c_str(), "any");
  assert_false(got[0].binary);
  assert_true(got[0].payload.size() > 5 && got[0].payload.ends_with("hello"));
  assert_true(got[1].binary);
  assert_true(got[1].payload == std::string("\0\1", 2));
}

void sets_delays_and_fallback_within_their_bounds(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  host.offer(handle, Json::object(), kOffer);
  host.message(handle, Json::object({{"min_delay", 100}, {"max_delay", 99'999}, {"fallback", 7}}));
  for (const auto& [id, route] : host.routes) {
    assert_int_equal(route.settings.min_delay_ms, 100);
    assert_int_equal(route.settings.max_delay_ms, 40'950);
    assert_int_equal(route.settings.fallback_us, 7);
  }
  host.message(handle, Json::object({{"min_delay", -5}, {"max_delay", -5}}));
  assert_int_equal(host.routes.begin()->second.settings.min_delay_ms, -1);
}

void pauses_a_kind_and_caps_the_sender(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  host.offer(handle, Json::object(), kOffer);
  host.message(handle, Json::object({{"video", false}, {"bitrate", 128'000}, {"substream", 1}}));
  for (const auto& [id, route] : host.routes) {
    assert_int_equal(route.settings.paused, route.from_mline == 1);
    assert_int_equal(route.settings.substream, 1);
  }
  assert_int_equal(host.sources[handle].bitrate, 128'000);
}

void prefers_the_codec_that_the_client_names(void**) {
  FakeHost host(MODULE_PATH);
  const auto said = host.offer(host.attach(), Json::object({{"videocodec", "vp9"}}), kOffer);
  assert_string_equal(said.lines[1].codecs[0].c_str(), "vp9");
  assert_true(said.lines[0].codecs.empty());
}

void refuses_empty_unknown_and_wrong_members(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  assert_int_equal(code(host.message(handle, Json::object())), 413);
  assert_int_equal(code(host.message(handle, Json::object({{"what", 1}}))), 413);
  assert_int_equal(code(host.message(handle, Json::object({{"filename", "x"}}))), 413);
  assert_int_equal(code(host.message(handle, Json::object({{"substream", 3}}))), 413);
  assert_int_equal(code(host.message(handle, Json::object({{"audio", "yes"}}))), 413);
}

void says_done_when_the_peer_is_gone(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  host.offer(handle, Json::object(), kOffer);
  host.media_up(handle);
  host.media_down(handle);
  const auto told = host.unasked(handle);
  assert_int_equal(told.size(), 1);
  assert_string_equal(told[0].body["result"].text_or().c_str(), "done");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(sends_every_media_line_back_on_itself),
      cmocka_unit_test(answers_texts_with_a_text_of_its_own_and_bytes_as_they_are),
      cmocka_unit_test(sets_delays_and_fallback_within_their_bounds),
      cmocka_unit_test(pauses_a_kind_and_caps_the_sender),
      cmocka_unit_test(prefers_the_codec_that_the_client_names),
      cmocka_unit_test(refuses_empty_unknown_and_wrong_members),
      cmocka_unit_test(says_done_when_the_peer_is_gone),
  };
  return cmocka_run_group_tests_name("plugins/echotest", tests, nullptr, nullptr);
}
