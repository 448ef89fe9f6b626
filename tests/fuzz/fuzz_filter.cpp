// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text as a filter: parsing ends, an error names a column within it, evaluation on fixed
// events ends and does not depend on shortcuts, and the canonical text means the same.
#include <cstdlib>

#include "models/event/filter/filter.h"
#include "models/event/filter/filter_completion.h"

using namespace weir;

namespace {

struct Paths : FieldPaths {
    const std::vector<std::string>& paths(std::string_view field) const override {
        static const std::vector<std::string> mapped{"a", "header:h", "b[0]"};
        static const std::vector<std::string> none;
        return field == "id" || field == "user" || field == "type" ? mapped : none;
    }
};

void require(bool holds) {
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t end = 0;
    for (const FilterToken& token : filter_tokens(text)) {
        require(token.begin >= end && token.size > 0 && token.begin + token.size <= size);
        end = token.begin + token.size;
    }
    filter_completions(text, size / 2, {});
    const auto filter = Filter::parse(text, Micros(1'777'636'800'000'000));
    if (!filter) {
        require(filter.error().column >= 0 && std::size_t(filter.error().column) <= size);
        return 0;
    }
    const auto again = Filter::parse((*filter)->canonical_text(), Micros(1'777'636'800'000'000));
    require(again.ok() && (*again)->canonical_text() == (*filter)->canonical_text());
    static const Paths paths;
    static const char* const values[] = {
        "", "not json", R"({"a":"x","b":[1,2.5e3,{"c":null}],"text":"Gr\u00fc\u00dfe","n":-0})",
        R"({"a":23958446825181076828,"a":"last","properties":{"price":100,"items":[{"sku":"A"}]}})"};
    const HeaderView headers[] = {{"h", "x", false}, {"h", "", true}};
    const auto evaluator = FilterEvaluator::create(*filter, nullptr);
    const auto second = FilterEvaluator::create(*again, nullptr);
    for (const char* value : values) {
        FilterInput input;
        input.topic = "raw_events";
        input.key = "k";
        input.key_null = false;
        input.value = value;
        input.headers = headers;
        input.header_count = 2;
        input.paths = &paths;
        const bool slowly = evaluator->matches_slowly(input);
        require(evaluator->matches(input) == slowly && second->matches(input) == slowly);
    }
    return 0;
}
