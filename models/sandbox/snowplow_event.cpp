// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/snowplow_event.h"

#include <algorithm>
#include <array>

namespace weir::sandbox {

namespace {

/// The kinds of event that the tracker protocol has: code, word, schema.
struct Kind {
    std::string_view code;
    std::string_view word;
    std::string_view schema;
};
constexpr std::array<Kind, 6> kinds = {{
    {"pv", "page_view", "iglu:com.snowplowanalytics.snowplow/page_view/jsonschema/1-0-0"},
    {"pp", "page_ping", "iglu:com.snowplowanalytics.snowplow/page_ping/jsonschema/1-0-0"},
    {"se", "struct", "iglu:com.google.analytics/event/jsonschema/1-0-0"},
    {"ue", "unstruct", ""},
    {"tr", "transaction", "iglu:com.snowplowanalytics.snowplow/transaction/jsonschema/1-0-0"},
    {"ti", "transaction_item",
     "iglu:com.snowplowanalytics.snowplow/transaction_item/jsonschema/1-0-0"},
}};

const Kind* kind_of(std::string_view code) {
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.code == code; });
    return found == kinds.end() ? nullptr : found;
}

} // namespace

std::string_view snowplow_type_word(std::string_view code) {
    const Kind* const kind = kind_of(code);
    return kind == nullptr ? code : kind->word;
}

std::string_view snowplow_own_schema(std::string_view code) {
    const Kind* const kind = kind_of(code);
    return kind == nullptr ? std::string_view() : kind->schema;
}

} // namespace weir::sandbox
