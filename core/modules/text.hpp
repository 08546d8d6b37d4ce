// Between the ABI's strings and ours.
#pragma once

#include <string_view>

#include <cardea/abi.h>

namespace cardea::modules {

inline std::string_view view(cardea_str_t text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline cardea_str_t borrow(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace cardea::modules
