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

void answers_text_with_text_and_gives_bytes_back(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  const auto said = host.offer(handle, Json::object(), kOffer);
  assert_false(said.lines[2].reject);
  host.data_up(handle);
  host.data(handle, {"chat", "", false, "hello"});
  host.data(handle, {"chat", "", true, "bytes"});
  const auto sent = host.take_data(handle);
  assert_int_equal(sent.size(), 2);
  assert_true(sent[0].payload.ends_with("hello") && sent[0].payload != "hello");
  assert_false(sent[0].binary);
  assert_string_equal(sent[1].payload.c_str(), "bytes");
  assert_true(sent[1].binary);
  assert_string_equal(sent[1].label.c_str(), "chat");
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
      cmocka_unit_test(answers_text_with_text_and_gives_bytes_back),
      cmocka_unit_test(pauses_a_kind_and_caps_the_sender),
      cmocka_unit_test(prefers_the_codec_that_the_client_names),
      cmocka_unit_test(refuses_empty_unknown_and_wrong_members),
      cmocka_unit_test(says_done_when_the_peer_is_gone),
  };
  return cmocka_run_group_tests_name("plugins/echotest", tests, nullptr, nullptr);
}
