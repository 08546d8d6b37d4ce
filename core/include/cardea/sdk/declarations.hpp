// A feature's declared operations as the host reads them, where ids may be texts by configuration.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include <cardea/feature.h>

namespace cardea::sdk {

/// Janus's option `string_ids`: the same operations, and every CARDEA_PARAM_ID, however deep, takes
/// a text instead.
class Declarations {
 public:
  static constexpr std::int64_t kMaxTextId = 128;  ///< bytes

  Declarations(std::span<const cardea_operation_t> declared, bool text_ids)
      : operations_(declared.begin(), declared.end()) {
    for (cardea_operation_t& operation : operations_) {
      if (text_ids) {
        operation.params = with_text_ids({operation.params, operation.param_count});
      }
    }
  }
  Declarations(const Declarations&) = delete;
  Declarations& operator=(const Declarations&) = delete;

  [[nodiscard]] std::span<const cardea_operation_t> operations() const { return operations_; }

 private:
  const cardea_param_t* with_text_ids(std::span<const cardea_param_t> params) {
    std::vector<cardea_param_t> copy(params.begin(), params.end());
    for (cardea_param_t& param : copy) {
      if (param.type == CARDEA_PARAM_ID) {
        param.type = CARDEA_PARAM_STRING;
        param.max = kMaxTextId;
      }
      if (param.field_count > 0) {
        param.fields = with_text_ids({param.fields, param.field_count});
      }
    }
    // The place of a vector's elements does not change when the vector itself is moved.
    return copies_.emplace_back(std::move(copy)).data();
  }

  std::vector<cardea_operation_t> operations_;
  std::deque<std::vector<cardea_param_t>> copies_;
};

}  // namespace cardea::sdk
