#include "core/modules/tokens_bridge.hpp"

#include "core/modules/host_services.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

int signing(void* context) noexcept {
  return ModuleContext::on_control(context).services.api.signs_tokens() ? 1 : 0;
}

int valid(void* context, cardea_str_t token, cardea_str_t realm, cardea_str_t word) noexcept {
  const session::Api& api = ModuleContext::on_control(context).services.api;
  return api.token_valid(view(token), view(realm), view(word)) ? 1 : 0;
}

constexpr cardea_tokens_t kTokens{sizeof(cardea_tokens_t), &signing, &valid};

}  // namespace

const cardea_tokens_t& tokens_table() { return kTokens; }

}  // namespace cardea::modules
