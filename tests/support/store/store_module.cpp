// A module for tests of the database and the bus: POST /store/sql runs statements in one
// transaction, POST /store/count adds one by reading and writing, POST /store/bus makes a call.
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <cardea/http.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/module.hpp>

#include "tests/support/store/schema.hpp"

namespace cardea::test_store {

using sdk::Database;
using sdk::to_str;
using sdk::to_view;

namespace {

// {"blob":"..."} is a blob of these bytes, {"nul":true} a text with a NUL, which JSON cannot bring.
cardea_sql_value_t parameter(const Json& value) {
  if (value.is_string()) {
    return sdk::sql_parameter(value.as_text());
  }
  if (value.is_integer()) {
    return sdk::sql_parameter(value.as_int());
  }
  if (value.is_number()) {
    return sdk::sql_parameter(json_real_value(value.raw()));
  }
  if (value["nul"]) {
    return sdk::sql_parameter(std::string_view("a\0b", 3));
  }
  if (value.is_object()) {
    cardea_sql_value_t blob = sdk::sql_parameter(value["blob"].as_text());
    blob.type = CARDEA_SQL_BLOB;
    return blob;
  }
  return sdk::sql_parameter(nullptr);
}

Json shown(const sdk::SqlValue& value) {
  switch (value.type()) {
    case CARDEA_SQL_INTEGER:
      return value.as_int();
    case CARDEA_SQL_REAL:
      return value.as_real();
    case CARDEA_SQL_TEXT:
      return value.as_text();
    case CARDEA_SQL_BLOB:
      return Json::object({{"blob", value.as_text()}});
    default:
      return Json::adopt(json_null());
  }
}

// One statement of a request, read on the control thread.
struct Statement {
  std::string sql;
  Json holder;  ///< of the texts that the parameters borrow
  std::vector<cardea_sql_value_t> parameters;
};

struct Request {
  std::vector<Statement> statements;
  bool rollback = false;
  bool fail = false;
  std::vector<sdk::SqlResult> results;
  std::int64_t attempts = 0;
};

}  // namespace

class StoreModule {
 public:
  static constexpr const char* kRequires[] = {CARDEA_DATABASE_MODULE, CARDEA_BUS_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "test.store",
      .name = "Database and bus for tests",
      .version_text = "1",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Does what it is told to",
      .aliases = nullptr,
      .requires_ids = kRequires,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  StoreModule(const cardea_host_t& host, const Json& /*config*/)
      : host_(host),
        http_(host_.get_interface<cardea_http_t>(CARDEA_HTTP)),
        database_(host_),
        bus_(host_) {
    route("/store/sql", &enter<&StoreModule::sql>);
    route("/store/count", &enter<&StoreModule::count>);
    route("/store/bus", &enter<&StoreModule::bus>);
    route("/store/state", &enter<&StoreModule::state>);
  }

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_SCHEMA ? &kSchema : nullptr;
  }

 private:
  using Exchange = cardea_http_exchange_t;

  template <void (StoreModule::*Handler)(Exchange, const Json&)>
  static void enter(void* argument, const cardea_http_incoming_t* incoming) {
    auto& self = *static_cast<StoreModule*>(argument);
    const auto body = Json::parse(to_view(incoming->body));
    (self.*Handler)(incoming->exchange, body ? *body : Json::object());
  }

  void route(const char* path, void (*request)(void*, const cardea_http_incoming_t*)) {
    const cardea_http_route_t route{sizeof route, "POST", path, request, nullptr, this, 0};
    if (http_->route(host_.context(), &route) != 0) {
      host_.error(std::string("route refused: ") + path);
    }
  }

  void answer(Exchange exchange, const Json& body, int status = 200) {
    const cardea_http_header_t header{to_str("Content-Type"), to_str("application/json")};
    http_->respond(host_.context(), exchange, status, &header, 1, to_str(body.dump()));
  }

  // {"statements":[{"sql":"...","parameters":[...]}],"rollback":bool,"fail":bool}
  void sql(Exchange exchange, const Json& body) {
    auto request = std::make_shared<Request>();
    request->rollback = body["rollback"].as_bool();
    request->fail = body["fail"].as_bool();
    const Json statements = body["statements"];
    for (std::size_t i = 0; i < statements.size(); ++i) {
      Statement& statement = request->statements.emplace_back();
      statement.sql = statements.at(i)["sql"].text_or();
      statement.holder = statements.at(i)["parameters"];
      for (std::size_t k = 0; k < statement.holder.size(); ++k) {
        statement.parameters.push_back(parameter(statement.holder.at(k)));
      }
    }
    const bool taken = database_.run(
        [request](sdk::Transaction& transaction) {
          request->results.clear();
          ++request->attempts;
          for (const Statement& statement : request->statements) {
            request->results.push_back(
                transaction.execute_values(statement.sql, statement.parameters));
          }
          if (request->fail) {
            throw std::runtime_error("as it was told to");
          }
          return request->rollback ? Database::End::RollBack : Database::End::Commit;
        },
        [this, request, exchange](cardea_sql_status_t status) {
          Json results = Json::array();
          for (const sdk::SqlResult& result : request->results) {
            results.push(show(result));
          }
          answer(exchange, Json::object({{"status", static_cast<int>(status)},
                                         {"attempts", request->attempts},
                                         {"results", results}}));
        });
    if (!taken) {
      answer(exchange, Json::object({{"full", true}}), 503);
    }
  }

  static Json show(const sdk::SqlResult& result) {
    Json rows = Json::array();
    for (const sdk::SqlRow& row : result.rows) {
      Json values = Json::array();
      for (const sdk::SqlValue& value : row) {
        values.push(shown(value));
      }
      rows.push(values);
    }
    return Json::object({{"status", static_cast<int>(result.status)},
                         {"changed", result.changed},
                         {"error", result.error},
                         {"rows", rows}});
  }

  // Wrong unless transactions are serializable.
  void count(Exchange exchange, const Json& /*body*/) {
    auto attempts = std::make_shared<std::int64_t>(0);
    const bool taken = database_.run(
        [attempts](sdk::Transaction& transaction) {
          ++*attempts;
          const auto now = transaction.execute("SELECT number FROM numbers WHERE name = $1",
                                               std::string_view("counter"));
          transaction.execute("UPDATE numbers SET number = $2 WHERE name = $1",
                              std::string_view("counter"), now.value().as_int() + 1);
          return Database::End::Commit;
        },
        [this, attempts, exchange](cardea_sql_status_t status) {
          answer(exchange,
                 Json::object({{"status", static_cast<int>(status)}, {"attempts", *attempts}}));
        });
    if (!taken) {
      answer(exchange, Json::object({{"full", true}}), 503);
    }
  }

  // {"call":"set","key":"...","value":"...","ttl":ms,"amount":n}
  void bus(Exchange exchange, const Json& body) {
    const std::string call = body["call"].text_or();
    const std::string key = body["key"].text_or();
    const std::string value = body["value"].text_or();
    const std::int64_t ttl = body["ttl"].as_int();
    const sdk::Bus::Done done = [this, exchange](const sdk::BusAnswer& said) {
      answer(exchange, Json::object({{"status", static_cast<int>(said.status)},
                                     {"value", said.value},
                                     {"number", said.number},
                                     {"ttl", said.ttl_ms}}));
    };
    bool taken = false;
    if (call == "subscribe" || call == "unsubscribe") {
      answer(exchange, Json::object({{"ok", listen(call == "subscribe", key)}}));
      return;
    }
    if (call == "publish") {
      taken = bus_.publish(key, value, done);
    } else if (call == "set") {
      taken = bus_.set(key, value, ttl, done);
    } else if (call == "set_if_absent") {
      taken = bus_.set_if_absent(key, value, ttl, done);
    } else if (call == "get") {
      taken = bus_.get(key, done);
    } else if (call == "remove") {
      taken = bus_.remove(key, done);
    } else if (call == "add") {
      taken = bus_.add(key, body["amount"].as_int(1), ttl, done);
    }
    if (!taken) {
      answer(exchange, Json::object({{"full", true}}), 503);
    }
  }

  bool listen(bool begin, const std::string& channel) {
    if (!begin) {
      bus_.unsubscribe(subscriptions_[channel]);
      return subscriptions_.erase(channel) != 0;
    }
    const std::uint64_t id = bus_.subscribe(channel, [this, channel](std::string_view message) {
      heard_.push(Json::object({{"channel", channel}, {"message", message}}));
    });
    if (id != 0) {
      subscriptions_[channel] = id;
    }
    return id != 0;
  }

  void state(Exchange exchange, const Json& /*body*/) {
    answer(
        exchange,
        Json::object({{"database", database_.ready()}, {"bus", bus_.ready()}, {"heard", heard_}}));
    heard_ = Json::array();
  }

  sdk::Host host_;
  const cardea_http_t* http_;
  Database database_;
  sdk::Bus bus_;
  std::map<std::string, std::uint64_t> subscriptions_;
  Json heard_ = Json::array();
};

CARDEA_MODULE(StoreModule);

}  // namespace cardea::test_store
