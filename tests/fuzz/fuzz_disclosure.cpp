// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes may be disclosed: JSON stays JSON of the same structure, the length in characters
// stays, what was masked is gone, beside the payload too, and disclosing twice changes nothing
// more.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "models/event/disclosure/disclosure.h"
#include "models/event/json/json_tape.h"
#include "models/event/json/utf8.h"

namespace {

void demand(bool holds) {
    if (!holds)
        std::abort();
}

/// A text that is masked stands in no key and no header, unless it could be made by masking.
void check_beside(const std::string& text, const weir::DisclosedRecord& shown) {
    constexpr std::size_t long_enough = 6;
    const auto letters = std::count_if(text.begin(), text.end(), [](char ch) {
        return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
    });
    if (static_cast<std::size_t>(letters) < long_enough)
        return;
    demand(shown.key().find(text) == std::string_view::npos);
    for (const weir::HeaderView& header : shown.headers()) {
        demand(header.name.find(text) == std::string_view::npos);
        demand(header.value.find(text) == std::string_view::npos);
    }
}

void check_json(const weir::JsonTape& before, const weir::DisclosedRecord& shown) {
    weir::JsonTape after;
    demand(after.parse(shown.value()));
    demand(after.nodes().size() == before.nodes().size());
    for (std::uint32_t node = 0; node < before.nodes().size(); ++node)
        demand(after.nodes()[node].kind == before.nodes()[node].kind);
    for (const weir::MaskedSpan& span : shown.masked()) {
        demand(span.begin + span.size <= shown.value().size());
        demand(!span.reason.empty());
        for (const char ch : shown.value().substr(span.begin, span.size))
            demand(!(ch >= 'A' && ch <= 'Z') || ch == 'E');
        const auto node = after.at(span.pointer);
        if (node && after.nodes()[*node].offset == span.begin &&
            after.nodes()[*node].length == span.size)
            check_beside(before.unescaped(*node), shown);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::string_view key = bytes.substr(0, size % 7);
    const weir::HeaderView headers[] = {{key, bytes.substr(size / 2)}, {"authorization", bytes}};
    static const auto policy = weir::DisclosurePolicy::built_in_detectors();
    weir::Discloser discloser(policy);
    const weir::DisclosedRecord shown =
        discloser.disclose(false, key, false, bytes, headers, std::size(headers));
    demand(shown.headers().size() == std::size(headers));
    weir::JsonTape tape;
    if (tape.parse(bytes)) {
        check_json(tape, shown);
    } else if (!bytes.empty()) {
        demand(shown.is_masked() && weir::is_utf8(shown.value()));
    }
    const std::string once(shown.value());
    const auto twice = discloser.disclose(false, key, false, once, nullptr, 0);
    if (tape.parse(once))
        demand(twice.value() == once || twice.is_masked());
    (void)policy->verdict(key, bytes);
    return 0;
}
