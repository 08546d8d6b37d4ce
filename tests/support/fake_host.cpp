#include "tests/support/fake_host.hpp"

#include <cstdio>
#include <cstdlib>
#include <limits>

#include <dlfcn.h>

#include <cardea/sdk/module.hpp>

#include "core/session/validation.hpp"

namespace cardea::tests {

namespace {

using sdk::to_str;
using sdk::to_view;

FakeHost& host(void* context) { return *static_cast<FakeHost*>(context); }

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "fake host: %s\n", why.c_str());
  std::abort();
}

std::vector<PlannedLine> copied(const cardea_jsep_plan_t& plan) {
  std::vector<PlannedLine> out;
  for (std::size_t i = 0; i < plan.mline_count; ++i) {
    const cardea_mline_plan_t& from = plan.mlines[i];
    PlannedLine& line = out.emplace_back();
    line.kind = from.kind;
    line.direction = from.direction;
    line.reject = from.reject != 0;
    for (const char* const* name = from.codecs; name != nullptr && *name != nullptr; ++name) {
      line.codecs.emplace_back(*name);
    }
    line.msid_stream = to_view(from.msid_stream);
    line.simulcast = from.simulcast != 0;
    line.audio_level = from.audio_level != 0;
    line.video_orientation = from.video_orientation != 0;
    line.playout_delay = from.playout_delay != 0;
  }
  return out;
}

}  // namespace

Offer audio_and_video() {
  return {{CARDEA_AUDIO, "0", {"opus", "pcmu"}}, {CARDEA_VIDEO, "1", {"vp8", "vp9", "h264"}}};
}

const cardea_feature_host_t FakeHost::kFeatureHost = {
    sizeof(cardea_feature_host_t),
    [](void* context, cardea_request_id_t request, cardea_str_t body) {
      auto& self = host(context);
      self.clients_[self.requests_[request]].said.push_back(
          {*Json::parse(to_view(body)), true, true});
    },
    [](void* context, cardea_handle_t handle, cardea_request_id_t request, cardea_str_t body,
       const cardea_jsep_plan_t* plan) {
      auto& self = host(context);
      const auto found = self.clients_.find(handle);
      if (found == self.clients_.end()) {
        return CARDEA_EVENT_NO_HANDLE;
      }
      Said said{*Json::parse(to_view(body)), request != 0, false};
      if (plan != nullptr) {
        if (const int refused = self.take_plan(found->second, *plan); refused != 0) {
          return refused;
        }
        said.jsep = plan->type;
        said.lines = copied(*plan);
      }
      found->second.said.push_back(std::move(said));
      return 0;
    },
    [](void* context, cardea_request_id_t request) {
      auto& self = host(context);
      Client& client = self.clients_[self.requests_[request]];
      if (!client.offered) {
        return CARDEA_EVENT_BAD_PLAN;
      }
      client.offered = false;
      client.has_peer = true;
      return 0;
    },
    [](void* context, cardea_handle_t handle, cardea_str_t) {
      auto& self = host(context);
      self.drop_peer(handle);
      self.hung_up_.push_back(handle);
    },
    [](void* context, cardea_handle_t handle, const char* role) {
      host(context).clients_[handle].role = role;
    },
    [](void* context, cardea_handle_t handle, std::size_t* count) -> const cardea_mline_t* {
      Client& client = host(context).clients_[handle];
      *count = client.mlines.size();
      return client.mlines.data();
    },
    [](void*, cardea_handle_t, cardea_access_t) { return 1; },
    [](void*, std::uint32_t, void (*)(void*), void*) -> std::uint64_t { return 0; },
    [](void*, std::uint64_t) {},
};

const cardea_media_t FakeHost::kMedia = {
    sizeof(cardea_media_t),
    [](void*, cardea_handle_t, std::uint64_t) {},
    [](void* context, cardea_handle_t from, std::uint32_t from_mline, cardea_handle_t to,
       std::uint32_t to_mline, const cardea_route_settings_t* settings) -> cardea_route_t {
      auto& self = host(context);
      if (!self.is_source(from) || !self.clients_[to].has_peer) {
        return 0;
      }
      std::erase_if(self.routes, [&](const auto& entry) {
        return entry.second.to == to && entry.second.to_mline == to_mline;
      });
      self.routes[self.next_] = {from, from_mline, to, to_mline, *settings};
      return self.next_++;
    },
    [](void* context, cardea_route_t route, const cardea_route_settings_t* settings) {
      host(context).routes.at(route).settings = *settings;
    },
    [](void* context, cardea_route_t route) {
      host(context).routes.erase(route);
      host(context).forwards.erase(route);
    },
    [](void* context, cardea_handle_t from, std::uint32_t mline,
       const cardea_source_settings_t* settings) {
      if (mline == std::numeric_limits<std::uint32_t>::max()) {
        host(context).sources[from] = *settings;
      } else {
        host(context).line_sources[{from, mline}] = *settings;
      }
    },
    [](void* context, cardea_handle_t from, std::uint32_t) {
      host(context).keyframe_requests.push_back(from);
    },
    [](void* context, cardea_handle_t from, std::uint32_t mline,
       const cardea_forward_settings_t* settings) -> cardea_route_t {
      auto& self = host(context);
      if (!self.is_source(from) || settings->port == 0) {
        return 0;
      }
      ForwardMade made{from, mline, std::string(to_view(settings->address)),
                       std::string(to_view(settings->srtp_key)), *settings};
      made.settings.address = {};
      made.settings.srtp_key = {};
      self.forwards[self.next_] = std::move(made);
      return self.next_++;
    },
    [](void* context, const cardea_plain_receiver_t* settings,
       std::uint16_t* port) -> cardea_handle_t {
      auto& self = host(context);
      std::vector<ReceiverLine> lines;
      for (std::size_t i = 0; i < settings->line_count; ++i) {
        const cardea_plain_line_t& line = settings->lines[i];
        lines.push_back({line.kind,
                         line.codec == nullptr ? "" : line.codec,
                         line.payload_type,
                         {line.ssrcs, line.ssrcs + line.ssrc_count}});
      }
      self.receivers[self.next_] = std::move(lines);
      *port =
          settings->port != 0 ? settings->port : static_cast<std::uint16_t>(30'000 + self.next_);
      return self.next_++;
    },
    [](void* context, cardea_handle_t receiver) {
      host(context).receivers.erase(receiver);
      host(context).drop_peer(receiver);
    },
    [](void* context, cardea_handle_t from, std::uint32_t mline,
       const cardea_tap_settings_t* settings) -> cardea_tap_t {
      auto& self = host(context);
      if (!self.is_source(from)) {
        return 0;
      }
      self.taps[self.next_] = {from, mline, *settings};
      return self.next_++;
    },
    [](void* context, cardea_tap_t tap) { host(context).end_tap(tap); },
    [](void* context, cardea_handle_t to, const cardea_data_message_t* message) {
      auto& self = host(context);
      Client& client = self.clients_[to];
      if (!client.data_up) {
        return CARDEA_DATA_NO_CHANNEL;
      }
      if (self.data_answer == 0) {
        client.data.push_back({std::string(to_view(message->label)),
                               std::string(to_view(message->protocol)), message->binary != 0,
                               std::string(to_view(message->payload))});
      }
      return self.data_answer;
    }};

const void* FakeHost::host_interface(void* context, const char* id) {
  const std::string_view wanted(id);
  if (wanted == CARDEA_FEATURE_HOST) {
    return &kFeatureHost;
  }
  if (wanted == CARDEA_MEDIA) {
    return &kMedia;
  }
  const auto& more = host(context).more_;
  const auto found = more.find(wanted);
  return found == more.end() ? nullptr : found->second;
}

FakeHost::FakeHost(const char* path, const Json& config,
                   std::map<std::string, const void*, std::less<>> more)
    : more_(std::move(more)) {
  library_ = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) {
    give_up(dlerror());
  }
  module_ = static_cast<const cardea_module_info_t*>(dlsym(library_, CARDEA_MODULE_SYMBOL));
  if (module_ == nullptr) {
    give_up("no descriptor");
  }
  table_ = {sizeof table_, this, &FakeHost::host_interface,
            [](void* context, cardea_log_level_t, cardea_str_t text) {
              host(context).log.emplace_back(to_view(text));
            }};
  instance_ = module_->create(&table_, to_str(config.dump()));
  if (instance_ == nullptr) {
    return;
  }
  feature_ =
      static_cast<const cardea_feature_t*>(module_->get_interface(instance_, CARDEA_FEATURE));
  if (feature_ == nullptr) {
    give_up("no feature");
  }
  info_.event_key = feature_->event_key;
  info_.operations = {feature_->operations, feature_->operation_count};
  info_.codes = feature_->codes;
  info_.error_word = feature_->error_word;
  info_.request_optional = feature_->request_optional != 0;
}

FakeHost::~FakeHost() {
  while (!clients_.empty()) {
    detach(clients_.begin()->first);
  }
  if (instance_ != nullptr) {
    module_->destroy(instance_);
  }
  dlclose(library_);
}

cardea_handle_t FakeHost::attach() {
  const cardea_handle_t handle = next_++;
  Client& client = clients_[handle];
  client.object = feature_->attach(instance_, handle);
  if (client.object == nullptr) {
    give_up("attach was refused");
  }
  return handle;
}

void FakeHost::detach(cardea_handle_t handle) {
  void* object = clients_[handle].object;
  feature_->detach(object);
  drop_peer(handle);
  clients_.erase(handle);
}

Said FakeHost::message(cardea_handle_t handle, const Json& body) {
  return send(handle, body, CARDEA_JSEP_NONE, {});
}

Said FakeHost::offer(cardea_handle_t handle, const Json& body, const Offer& offer) {
  return send(handle, body, CARDEA_JSEP_OFFER, offer);
}

Said FakeHost::answer(cardea_handle_t handle, const Json& body) {
  return send(handle, body, CARDEA_JSEP_ANSWER, {});
}

Said FakeHost::send(cardea_handle_t handle, const Json& body, cardea_jsep_type_t type,
                    const Offer& offer) {
  Client& client = clients_.at(handle);
  const auto found = session::find_operation(info_, client.role, body);
  if (found.error) {
    return {session::feature_error(info_, false, *found.error), true, found.synchronous};
  }
  if (found.operation != nullptr) {
    if (auto checked = session::check_parameters(*found.operation, info_.codes, body); !checked) {
      return {session::feature_error(info_, true, checked.error()), true, found.synchronous};
    }
  }
  std::deque<std::vector<cardea_codec_t>> codecs;
  std::vector<cardea_mline_t> mlines;
  for (const OfferedLine& line : offer) {
    auto& list = codecs.emplace_back();
    for (const std::string& name : line.codecs) {
      list.push_back({name.c_str(), 90'000, 1, 96, nullptr});
    }
    cardea_mline_t& out = mlines.emplace_back();
    out.size = sizeof out;
    out.index = static_cast<std::uint32_t>(mlines.size() - 1);
    out.kind = line.kind;
    out.direction = line.direction;
    out.mid = to_str(line.mid);
    out.codecs = list.data();
    out.codec_count = list.size();
  }
  const std::string text = body.dump();
  const cardea_request_id_t id = next_++;
  requests_[id] = handle;
  const cardea_request_t request{sizeof request,
                                 id,
                                 found.operation,
                                 to_str(text),
                                 {type, {}, mlines.data(), mlines.size(), 0, 0}};
  client.offer = type == CARDEA_JSEP_OFFER ? &offer : nullptr;
  feature_->message(client.object, &request);
  client.offer = nullptr;
  for (const cardea_handle_t each : std::exchange(hung_up_, {})) {
    media_down(each);
  }
  for (auto said = client.said.begin(); said != client.said.end(); ++said) {
    if (said->asked) {
      Said out = *said;
      client.said.erase(said);
      return out;
    }
  }
  return {};
}

void FakeHost::media_up(cardea_handle_t handle) { media_event(handle, CARDEA_MEDIA_UP); }

void FakeHost::data_up(cardea_handle_t handle) {
  clients_.at(handle).data_up = true;
  media_event(handle, CARDEA_MEDIA_DATA_UP);
}

void FakeHost::data_room(cardea_handle_t handle) { media_event(handle, CARDEA_MEDIA_DATA_ROOM); }

void FakeHost::data(cardea_handle_t handle, const DataSent& message) {
  if (feature_->data == nullptr) {
    return;
  }
  const cardea_data_message_t in_c{sizeof in_c, to_str(message.label), to_str(message.protocol),
                                   message.binary ? 1 : 0, to_str(message.payload)};
  feature_->data(clients_.at(handle).object, &in_c);
}

std::vector<DataSent> FakeHost::take_data(cardea_handle_t handle) {
  return std::exchange(clients_.at(handle).data, {});
}

void FakeHost::media_event(cardea_handle_t handle, cardea_media_event_type_t type) {
  cardea_media_event_t event{};
  event.size = sizeof event;
  event.type = type;
  feature_->media(clients_.at(handle).object, &event);
}

void FakeHost::media_down(cardea_handle_t handle) {
  drop_peer(handle);
  cardea_media_event_t event{};
  event.size = sizeof event;
  event.type = CARDEA_MEDIA_DOWN;
  event.text = to_str("test");
  feature_->media(clients_.at(handle).object, &event);
}

std::vector<Said> FakeHost::unasked(cardea_handle_t handle) {
  return std::exchange(clients_.at(handle).said, {});
}

int FakeHost::take_plan(Client& client, const cardea_jsep_plan_t& plan) {
  if (plan.type == CARDEA_JSEP_OFFER) {
    if (client.offered) {
      return CARDEA_EVENT_BUSY;
    }
    client.offered = true;
    return plan.mline_count == 0 ? CARDEA_EVENT_BAD_PLAN : 0;
  }
  if (client.offer == nullptr || client.offer->size() != plan.mline_count) {
    return CARDEA_EVENT_BAD_PLAN;
  }
  negotiate(client, plan);
  client.has_peer = true;
  return 0;
}

void FakeHost::negotiate(Client& client, const cardea_jsep_plan_t& plan) {
  client.lines.clear();
  client.mlines.clear();
  for (std::size_t i = 0; i < plan.mline_count; ++i) {
    const OfferedLine& offered = (*client.offer)[i];
    const cardea_mline_plan_t& wanted = plan.mlines[i];
    Line& line = client.lines.emplace_back();
    line.mid = offered.mid;
    line.codec = wanted.codecs != nullptr ? wanted.codecs[0]
                                          : (offered.codecs.empty() ? "" : offered.codecs[0]);
    line.in_c = {line.codec.c_str(), 90'000, 1, 96, nullptr};
    cardea_mline_t& out = client.mlines.emplace_back();
    out.size = sizeof out;
    out.index = static_cast<std::uint32_t>(i);
    out.kind = offered.kind;
    const bool used = wanted.reject == 0 && wanted.direction != CARDEA_INACTIVE;
    out.direction = used ? offered.direction : CARDEA_INACTIVE;
    out.mid = to_str(line.mid);
    out.codecs = &line.in_c;
    out.codec_count = used ? 1 : 0;
  }
}

void FakeHost::drop_peer(cardea_handle_t handle) {
  if (const auto found = clients_.find(handle); found != clients_.end()) {
    found->second.has_peer = false;
    found->second.data_up = false;
    found->second.mlines.clear();
  }
  std::erase_if(routes, [&](const auto& entry) {
    return entry.second.from == handle || entry.second.to == handle;
  });
  std::erase_if(forwards, [&](const auto& entry) { return entry.second.from == handle; });
  const auto ended = taps;
  for (const auto& [id, tap] : ended) {
    if (tap.from == handle) {
      end_tap(id);
    }
  }
}

void FakeHost::end_tap(cardea_tap_t tap) {
  const auto found = taps.find(tap);
  if (found == taps.end()) {
    return;
  }
  const cardea_tap_settings_t settings = found->second.settings;
  taps.erase(found);
  settings.ended(settings.argument);
}

bool FakeHost::is_source(cardea_handle_t from) const {
  const auto found = clients_.find(from);
  return receivers.contains(from) || (found != clients_.end() && found->second.has_peer);
}

void FakeHost::media(cardea_handle_t handle, cardea_media_event_t event) {
  event.size = sizeof event;
  feature_->media(clients_.at(handle).object, &event);
}

}  // namespace cardea::tests
