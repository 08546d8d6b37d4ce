// A whole feature plugin: answers {"request": "greet", "name": "you"} with a greeting.
#include <cardea/sdk/plugin.hpp>

namespace {

namespace sdk = cardea::sdk;
using cardea::Json;

class Hello final : public sdk::Handle {
 public:
  using Handle::Handle;

  sdk::Answer greet(const sdk::Request& request) {
    ++greeted_;
    return Json::object({{"hello", "greeting"},
                         {"text", "Hello, " + request["name"].text_or("world") + "!"},
                         {"count", greeted_}});
  }

  static constexpr sdk::FeatureInfo kFeature{.id = "example.plugin.hello",
                                             .event_key = "hello",
                                             .name = "Hello",
                                             .description = "Greets whoever asks"};

  static constexpr cardea_param_t kGreet[] = {sdk::param::text("name", 100, "Who is greeted")};
  static constexpr sdk::Operation<Hello> kOperations[] = {
      {.name = "greet",
       .handle = sdk::method<&Hello::greet>(),
       .params = kGreet,
       .help = "Greets somebody",
       .synchronous = true},
  };

 private:
  int greeted_ = 0;
};

}  // namespace

CARDEA_FEATURE_MODULE(Hello);
