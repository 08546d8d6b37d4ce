// A module for tests of codes and mail without accounts: tokens say who somebody is ("user:alice"),
// POST /people uses a code up as a registration does, POST /mails sends a mail.
#include <array>
#include <memory>
#include <string>

#include <cardea/invites.h>
#include <cardea/mail.h>
#include <cardea/sdk/rest_database.hpp>

namespace {

using namespace cardea::sdk;
using cardea::Json;

constexpr const char* kRequires[] = {CARDEA_DATABASE_MODULE, CARDEA_INVITES_MODULE,
                                     "?" CARDEA_MAIL_MODULE, nullptr};

class PeopleModule {
 public:
  static constexpr cardea_module_info_t kInfo = [] {
    cardea_module_info_t info{};
    info.version = 1;
    info.kind = "service";
    info.id = "test.people";
    info.name = "People for tests";
    info.version_text = "1";
    info.author = "Cardea";
    info.licence = "Apache-2.0";
    info.description = "Comes with codes and goes";
    info.requires_ids = kRequires;
    return info;
  }();

  PeopleModule(const cardea_host_t& host, const Json& config);

  const void* get_interface(std::string_view id) noexcept {
    if (id == CARDEA_REST) {
      return rest_.table();
    }
    return id == CARDEA_IDENTITY ? &identity_ : nullptr;
  }
  [[nodiscard]] const RestTable<PeopleModule>& rest() const { return rest_; }

  void join(RestCall call) {
    const std::string code = call["code"].text_or();
    const std::string user = call["user"].text_or();
    answer_from(database_, std::move(call), [=, this](Transaction& transaction) -> RestOutcome {
      constexpr std::array kNames{"ok", "unknown", "used", "expired", "failed"};
      const auto status =
          invites_->redeem(invites_->instance, transaction.raw(), to_str(code), to_str(user));
      if (status != CARDEA_INVITE_OK) {
        return {400, kNames[status], "Not with this code"};
      }
      if (invites_->grant(invites_->instance, transaction.raw(), to_str(user)) != 0) {
        return {500, "grant", "No codes granted"};
      }
      return {};
    });
  }
  void leave(RestCall call) {
    const std::string user = call["user"].text_or();
    answer_from(database_, std::move(call), [=, this](Transaction& transaction) -> RestOutcome {
      if (invites_->forget(invites_->instance, transaction.raw(), to_str(user)) != 0) {
        return {500, "forget", "Not forgotten"};
      }
      return {};
    });
  }
  // What time does, in no time.
  void age(RestCall call) {
    const std::string code = call["code"].text_or();
    answer_from(database_, std::move(call), [=](Transaction& transaction) -> RestOutcome {
      transaction.execute("UPDATE registration_codes SET expires_at = 1 WHERE code = $1", code);
      return {};
    });
  }
  void mail(RestCall call) {
    const std::string to = call["to"].text_or();
    const std::string subject = call["subject"].text_or();
    const std::string text = call["text"].text_or();
    const bool ready = mail_ != nullptr && mail_->ready(mail_->instance) == 1;
    const bool sent = mail_ != nullptr &&
                      mail_->send(mail_->instance, to_str(to), to_str(subject), to_str(text)) == 0;
    call.reply(Json::object({{"ready", ready}, {"sent", sent}}));
  }

 private:
  static int resolve(void* instance, cardea_str_t token, cardea_principal_t* out) {
    auto& self = *static_cast<PeopleModule*>(instance);
    self.token_ = to_view(token);
    const std::size_t colon = self.token_.find(':');
    const std::string kind = self.token_.substr(0, colon);
    if (colon == std::string::npos || (kind != "user" && kind != "admin")) {
      return -1;
    }
    out->rank = kind == "admin" ? CARDEA_RANK_ADMIN : CARDEA_RANK_USER;
    out->id = out->name = to_str(std::string_view(self.token_).substr(colon + 1));
    return 0;
  }

  Host host_;
  Database database_;
  const cardea_invites_t* invites_;
  const cardea_mail_t* mail_;
  std::string token_;
  cardea_identity_t identity_;
  RestTable<PeopleModule> rest_;
};

constexpr std::array kJoin{param::required(param::text("code", 64)),
                           param::required(param::text("user", 64))};
constexpr std::array kAge{param::required(param::text("code", 64))};
constexpr std::array kUser{param::required(param::text("user", 64))};
constexpr std::array kMail{param::required(param::text("to", 400)),
                           param::required(param::text("subject", 400)),
                           param::required(param::text("text", 10'000))};

using Operation = RestOperation<PeopleModule>;
constexpr std::array kOperations{
    Operation{.id = "people.join",
              .method = "POST",
              .path = "/people",
              .handle = rest_method<&PeopleModule::join>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kJoin,
              .status = 204},
    Operation{.id = "people.leave",
              .method = "DELETE",
              .path = "/people/{user}",
              .handle = rest_method<&PeopleModule::leave>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kUser,
              .status = 204},
    Operation{.id = "people.age",
              .method = "PUT",
              .path = "/people/age",
              .handle = rest_method<&PeopleModule::age>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kAge,
              .status = 204},
    Operation{.id = "people.mail",
              .method = "POST",
              .path = "/mails",
              .handle = rest_method<&PeopleModule::mail>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kMail},
};

PeopleModule::PeopleModule(const cardea_host_t& host, const Json& /*config*/)
    : host_(host),
      database_(host_),
      invites_(host_.get_interface<cardea_invites_t>(CARDEA_INVITES)),
      mail_(host_.get_interface<cardea_mail_t>(CARDEA_MAIL)),
      identity_{sizeof identity_, this, &resolve},
      rest_(host_, kOperations, {}) {}

CARDEA_MODULE(PeopleModule);

}  // namespace
